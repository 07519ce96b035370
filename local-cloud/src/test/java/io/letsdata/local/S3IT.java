// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The S3 part, as an unmodified client of the SDK sees it. The object-store's contract holds the
 * rest.
 */
class S3IT {

  @Test
  void objectsOutliveTheServerInTheirFolder(@TempDir Path folder) throws Exception {
    LocalCloudOptions options =
        LocalCloudOptions.builder(TestCloud.dist()).dataDir(folder.resolve("data")).build();
    try (LocalCloud cloud = LocalCloud.start(options);
        S3Client s3 = TestCloud.s3Client(cloud, cloud.secretKey())) {
      s3.createBucket(r -> r.bucket("bucket"));
      s3.putObject(
          r -> r.bucket("bucket").key("a/b").ifNoneMatch("*"), RequestBody.fromString("1"));

      assertThatExceptionOfType(S3Exception.class)
          .isThrownBy(
              () ->
                  s3.putObject(
                      r -> r.bucket("bucket").key("a/b").ifNoneMatch("*"),
                      RequestBody.fromString("2")))
          .satisfies(e -> assertThat(e.statusCode()).isEqualTo(412));
      try (S3Client stranger = TestCloud.s3Client(cloud, "wrong-secret")) {
        assertThatExceptionOfType(S3Exception.class)
            .isThrownBy(() -> stranger.headObject(r -> r.bucket("bucket").key("a/b")))
            .satisfies(e -> assertThat(e.statusCode()).isEqualTo(403));
      }
    }

    try (LocalCloud again = LocalCloud.start(options);
        S3Client s3 = TestCloud.s3Client(again, again.secretKey())) {
      assertThat(s3.getObjectAsBytes(r -> r.bucket("bucket").key("a/b")).asUtf8String())
          .isEqualTo("1");
    }
  }
}
