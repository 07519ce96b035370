// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.letsdata.fixtures.http.LossyProxy;
import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.store.BodyTruncated;
import io.letsdata.store.ByteRange;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that the server did and whose response never arrived, over a real connection. */
class LostResponseIT {

  private static S3ProxyServer server;
  private static LossyProxy proxy;
  private static RequestMeter meter;
  private static ObjectStore lossy;
  private static ObjectStore direct;

  private final ObjectLocation location =
      new ObjectLocation("bucket", UUID.randomUUID().toString());

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder, "bucket");
    proxy = LossyProxy.start(server.endpoint());
    meter = new RequestMeter();
    lossy = S3ObjectStore.create(TestIdentity.settings(proxy.endpoint()), meter);
    direct = S3ObjectStore.create(server.settings(), new RequestMeter());
  }

  @AfterAll
  static void stop() throws IOException {
    lossy.close();
    direct.close();
    proxy.close();
    server.close();
  }

  @Test
  void conditionalPutWithLostResponseIsUnknownUntilItIsReadBack() throws IOException {
    proxy.cutNextResponses(1, 0);

    assertThatThrownBy(() -> lossy.putIfAbsent(location, ObjectContent.ofUtf8("mine")))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("Cannot put " + location + " if absent: the response was lost")
        .hasMessageContaining("state unknown");

    assertThat(lossy.readUtf8(location)).isEqualTo("mine");
  }

  @Test
  void conditionalPutWithoutAnyResponseIsUnknown() throws IOException {
    proxy.cutNextResponses(4, 0);

    assertThatThrownBy(() -> lossy.putIfAbsent(location, ObjectContent.ofUtf8("mine")))
        .isInstanceOf(OutcomeUnknown.class);

    assertThat(proxy.allCut()).isTrue();
    assertThat(direct.readUtf8(location)).isEqualTo("mine");
  }

  @Test
  void putWithLostResponseIsRepeated() throws IOException {
    proxy.cutNextResponses(2, 0);
    RequestCounts before = meter.counts();

    lossy.put(location, ObjectContent.ofUtf8("mine"));

    RequestCounts sent = meter.counts().minus(before);
    assertThat(sent.put()).isEqualTo(3);
    assertThat(sent.retries()).isEqualTo(2);
    assertThat(lossy.readUtf8(location)).isEqualTo("mine");
  }

  @Test
  void ownCompletedUploadIsNotTakenForAnObjectOfAnotherWriter() throws IOException {
    MultipartUpload upload = lossy.startMultipart(location);
    upload.uploadPart(1, ObjectContent.ofUtf8("mine"));
    proxy.cutNextResponses(1, 0);

    // Servers answer differently for an upload that they completed before: both responses are
    // right.
    Throwable failure = catchThrowable(() -> assertThat(upload.completeIfAbsent()).isTrue());

    assertThat(failure)
        .satisfiesAnyOf(
            none -> assertThat(none).isNull(),
            e -> assertThat(e).isInstanceOf(OutcomeUnknown.class));
    assertThat(lossy.readUtf8(location)).isEqualTo("mine");
  }

  @Test
  void responseCutAtAnyByteIsAnErrorAndNotTheEnd() throws IOException {
    String text = "0123456789";
    direct.put(location, ObjectContent.ofUtf8(text));
    int cutAfterBytes = "HTTP/1.1 206 Partial Content\r\n".length();
    for (String read = ""; !read.equals(text); cutAfterBytes += 3) {
      proxy.cutNextResponses(Integer.MAX_VALUE, cutAfterBytes);

      read = readOnce();

      assertThat(read)
          .satisfiesAnyOf(
              all -> assertThat(all).isEqualTo(text), none -> assertThat(none).isEmpty());
    }
    proxy.cutNextResponses(0, 0);

    assertThat(cutAfterBytes).isBetween(200, 2000);
  }

  /** All of the object, or nothing if that was an error; other ends fail the test. */
  private String readOnce() throws IOException {
    try (ObjectBody body = lossy.open(location, new ByteRange(0, 10), Optional.empty())) {
      return new String(body.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (BodyTruncated | StoreUnavailable e) {
      return "";
    }
  }
}
