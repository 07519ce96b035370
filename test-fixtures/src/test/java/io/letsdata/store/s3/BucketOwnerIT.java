// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.http.RecordingServer;
import io.letsdata.fixtures.http.RecordingServer.Recorded;
import io.letsdata.fixtures.http.ScriptedServer;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.options.Options;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The header that names the account of a bucket; whether S3 compares it is not tested. */
class BucketOwnerIT {
  private static final String HEADER = "x-amz-expected-bucket-owner";
  private static final String ACCOUNT = "111122223333";
  private static final ObjectLocation LOCATION = new ObjectLocation("bucket", "key");
  private static final ObjectContent CONTENT = ObjectContent.ofUtf8("text");

  @Test
  void everyRequestNamesTheOwnerAndSignsIt() throws IOException {
    List<Recorded> requests = requests(Map.of("expected-bucket-owner", ACCOUNT));

    assertThat(requests)
        .hasSize(11)
        .allSatisfy(
            request -> {
              assertThat(request.header(HEADER)).hasValue(ACCOUNT);
              assertThat(request.header("Authorization").orElseThrow()).contains(HEADER);
            });
  }

  @Test
  void bucketThatIsNotNamedMayBelongToAnybody() throws IOException {
    assertThat(requests(Map.of("expected-bucket-owner", "other=" + ACCOUNT)))
        .hasSize(11)
        .allSatisfy(request -> assertThat(request.header(HEADER)).isEmpty());
  }

  @Test
  void refusalNamesTheExpectedOwner() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.start(new ScriptedServer.Reply(403, "AccessDenied"));
        ObjectStore store = store(server.endpoint(), Map.of("expected-bucket-owner", ACCOUNT))) {
      assertThatThrownBy(() -> store.read(LOCATION))
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining(
              "Check the identity and its permissions on bucket 'bucket', and that account"
                  + " 111122223333 owns it (spark.letsdata.s3.expected-bucket-owner);");
    }
  }

  private static ObjectStore store(URI endpoint, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(TestIdentity.settings(endpoint).toProperties());
    more.forEach((name, value) -> settings.put("spark.letsdata.s3." + name, value));
    return S3ObjectStore.create(
        StoreSettings.from(Options.ofSession(settings)), new RequestMeter());
  }

  /** Each operation of the store once; the responses do not matter. */
  private static List<Recorded> requests(Map<String, String> settings) throws IOException {
    try (RecordingServer server = RecordingServer.start();
        ObjectStore store = store(server.endpoint(), settings)) {
      store.put(LOCATION, CONTENT);
      store.putIfAbsent(LOCATION, CONTENT);
      MultipartUpload upload = store.startMultipart(LOCATION);
      upload.uploadPart(1, CONTENT);
      upload.complete();
      store.startMultipart(LOCATION).abort();
      store.delete(List.of(LOCATION));
      store.read(LOCATION);
      store.list("bucket", "", Optional.empty(), 1);
      store.listUploads("bucket", "");
      return List.copyOf(server.requests());
    }
  }
}
