// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.http.RecordingServer;
import io.letsdata.fixtures.http.RecordingServer.Recorded;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.options.Options;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The encryption headers of requests; whether the store encrypts is not tested. */
class EncryptionIT {

  private static final ObjectLocation LOCATION = new ObjectLocation("bucket", "key");
  private static final ObjectContent CONTENT = ObjectContent.ofUtf8("text");
  private static final String ENCRYPTION = "x-amz-server-side-encryption";
  private static final String KMS_KEY = ENCRYPTION + "-aws-kms-key-id";
  private static final String BUCKET_KEY = ENCRYPTION + "-bucket-key-enabled";

  @Test
  void keyOfKmsIsNamedByEveryRequestThatMakesAnObject() throws IOException {
    String key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    List<Recorded> requests = writes(Map.of("encryption", "sse-kms", "kms-key", key));

    assertThat(making(requests))
        .hasSize(3)
        .allSatisfy(
            request -> {
              assertThat(request.header(ENCRYPTION)).hasValue("aws:kms");
              assertThat(request.header(KMS_KEY)).hasValue(key);
              assertThat(request.header(BUCKET_KEY)).hasValue("true");
            });
    assertOthersNameNone(requests);
  }

  @Test
  void withoutAKeyKmsTakesTheAccountsOwn() throws IOException {
    assertThat(making(writes(Map.of("encryption", "sse-kms"))))
        .hasSize(3)
        .allSatisfy(
            request -> {
              assertThat(request.header(ENCRYPTION)).hasValue("aws:kms");
              assertThat(request.header(KMS_KEY)).isEmpty();
            });
  }

  @Test
  void keysOfS3AreAskedForByName() throws IOException {
    List<Recorded> requests = writes(Map.of("encryption", "sse-s3"));

    assertThat(making(requests))
        .hasSize(3)
        .allSatisfy(
            request -> {
              assertThat(request.header(ENCRYPTION)).hasValue("AES256");
              assertThat(request.header(BUCKET_KEY)).isEmpty();
            });
    assertOthersNameNone(requests);
  }

  @Test
  void bucketsOwnDefaultNeedsNoHeader() throws IOException {
    for (Map<String, String> settings :
        List.of(Map.<String, String>of(), Map.of("encryption", "bucket"))) {
      assertThat(writes(settings))
          .hasSize(5)
          .allSatisfy(request -> assertThat(request.header(ENCRYPTION)).isEmpty());
    }
  }

  /** PUT, conditional PUT, and an upload of one part: POST, PUT, POST. */
  private static List<Recorded> writes(Map<String, String> encryption) throws IOException {
    try (RecordingServer server = RecordingServer.start()) {
      Map<String, String> settings =
          new HashMap<>(TestIdentity.settings(server.endpoint()).toProperties());
      encryption.forEach((name, value) -> settings.put("spark.letsdata.s3." + name, value));
      StoreSettings parsed = StoreSettings.from(Options.ofSession(settings));
      try (ObjectStore store = S3ObjectStore.create(parsed, new RequestMeter())) {
        store.put(LOCATION, CONTENT);
        store.putIfAbsent(LOCATION, CONTENT);
        MultipartUpload upload = store.startMultipart(LOCATION);
        upload.uploadPart(1, CONTENT);
        upload.complete();
      }
      return List.copyOf(server.requests());
    }
  }

  private static List<Recorded> making(List<Recorded> requests) {
    return requests.stream().filter(request -> !isOfAnUpload(request)).toList();
  }

  /** S3 refuses these headers on parts and on the completion. */
  private static void assertOthersNameNone(List<Recorded> requests) {
    assertThat(requests.stream().filter(EncryptionIT::isOfAnUpload))
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.header(ENCRYPTION)).isEmpty());
  }

  private static boolean isOfAnUpload(Recorded request) {
    return request.query().contains("uploadId=");
  }
}
