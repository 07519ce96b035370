// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.http.ScriptedServer;
import io.letsdata.fixtures.http.ScriptedServer.Reply;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.options.Options;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.BucketNotFound;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import io.letsdata.store.PartEtag;
import io.letsdata.store.PartsRefused;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreException;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that refuse, fail or do not run, over a real connection. */
@Timeout(600)
class S3FailuresIT {

  private static final ObjectLocation LOCATION = new ObjectLocation("bucket", "key");
  private static final ObjectContent CONTENT = ObjectContent.ofUtf8("text");
  private static final Reply OK = new Reply(200, "");
  private static final Reply CONFLICT = new Reply(409, "ConditionalRequestConflict");
  private static final Reply TAKEN = new Reply(412, "PreconditionFailed");
  private static final Reply SLOW_DOWN = new Reply(503, "SlowDown");
  private static final Reply BROKEN = new Reply(500, "InternalError");

  private final RequestMeter meter = new RequestMeter();

  private interface Request {
    void send(ObjectStore store) throws IOException;
  }

  private void against(ScriptedServer server, Request request) throws IOException {
    try (server;
        ObjectStore store = S3ObjectStore.create(TestIdentity.settings(server.endpoint()), meter)) {
      request.send(store);
    }
  }

  @Test
  void conflictIsRetried() throws IOException {
    against(
        ScriptedServer.start(CONFLICT, CONFLICT, OK),
        store -> assertThat(store.putIfAbsent(LOCATION, CONTENT)).isTrue());

    assertThat(meter.counts().put()).isEqualTo(3);
    assertThat(meter.counts().retries()).isEqualTo(2);
    assertThat(meter.counts().bytesOut()).isEqualTo(12);
  }

  @Test
  void existingObjectAfterConflictIsCertainFailure() throws IOException {
    against(
        ScriptedServer.start(CONFLICT, TAKEN),
        store -> assertThat(store.putIfAbsent(LOCATION, CONTENT)).isFalse());
  }

  @Test
  void existingObjectAfterThrottlingIsCertainFailure() throws IOException {
    against(
        ScriptedServer.start(SLOW_DOWN, TAKEN),
        store -> assertThat(store.putIfAbsent(LOCATION, CONTENT)).isFalse());
  }

  @Test
  void successAfterAmbiguousResponseIsCertain() throws IOException {
    against(
        ScriptedServer.start(BROKEN, OK),
        store -> assertThat(store.putIfAbsent(LOCATION, CONTENT)).isTrue());
  }

  @Test
  void existingObjectAfterAmbiguousResponseIsUnknown() throws IOException {
    against(
        ScriptedServer.start(BROKEN, TAKEN),
        store ->
            assertThatThrownBy(() -> store.putIfAbsent(LOCATION, CONTENT))
                .isInstanceOf(OutcomeUnknown.class));
  }

  @Test
  void missingBucketIsCertainEvenAfterAmbiguousResponse() throws IOException {
    against(
        ScriptedServer.start(BROKEN, new Reply(404, "NoSuchBucket")),
        store ->
            assertThatThrownBy(() -> store.putIfAbsent(LOCATION, CONTENT))
                .isInstanceOf(BucketNotFound.class));
  }

  @Test
  void endlessThrottlingIsStoreUnavailable() throws IOException {
    ScriptedServer server = ScriptedServer.start(SLOW_DOWN);
    against(
        server,
        store -> {
          assertThatThrownBy(() -> store.putIfAbsent(LOCATION, CONTENT))
              .isInstanceOf(StoreUnavailable.class)
              .hasMessageContaining("kept answering 503 SlowDown");
          assertThatThrownBy(() -> store.read(LOCATION))
              .isInstanceOf(StoreUnavailable.class)
              .hasMessageContaining(server.endpoint().toString());
        });

    assertThat(server.requests()).isEqualTo(8);
    assertThat(meter.counts().requests()).isEqualTo(8);
    assertThat(meter.counts().retries()).isEqualTo(6);
  }

  @Test
  void responseWithoutEtagIsRequestedAgain() throws IOException {
    against(
        ScriptedServer.start(new Reply(200, "").withoutEtag(), OK),
        store -> assertThat(store.stat(LOCATION)).contains(new ObjectStat(0, "abc")));

    assertThat(meter.counts().head()).isEqualTo(2);
    assertThat(meter.counts().retries()).isEqualTo(1);
  }

  /** What a put returns behind the replies, and the number of requests. */
  private static String put(String encryption, Reply... replies) throws IOException {
    try (ScriptedServer server = ScriptedServer.start(replies)) {
      Map<String, String> settings =
          new HashMap<>(TestIdentity.settings(server.endpoint()).toProperties());
      settings.put("spark.letsdata.s3.encryption", encryption);
      try (ObjectStore store =
          S3ObjectStore.create(
              StoreSettings.from(Options.ofSession(settings)), new RequestMeter())) {
        return store.put(LOCATION, ObjectContent.of(new byte[0])) + " " + server.requests();
      }
    }
  }

  @Test
  void etagOfARepeatedPutIsReadBackUnlessItIsThatOfTheContent() throws IOException {
    Reply late = OK.withEtag("late");

    assertThat(put("sse-kms", BROKEN, OK, late)).isEqualTo("late 3");
    assertThat(put("bucket", BROKEN, OK, late)).isEqualTo("late 3");
    assertThat(put("sse-s3", BROKEN, OK, late)).isEqualTo("abc 2");
    assertThat(put("sse-kms", OK, late)).isEqualTo("abc 1");
  }

  @Test
  void partsThatTheUploadDoesNotHaveHaveAnErrorOfTheirOwn() throws IOException {
    MultipartHandle handle = new MultipartHandle(LOCATION, "id", List.of(new PartEtag(1, "e")));

    against(
        ScriptedServer.start(new Reply(400, "InvalidPart")),
        store ->
            assertThatThrownBy(() -> store.completeMultipart(handle))
                .isInstanceOf(PartsRefused.class)
                .hasMessageContaining("Cannot complete the upload to s3://bucket/key")
                .hasMessageContaining("400 InvalidPart"));
  }

  @Test
  void repeatedPutSucceedsWhereReadingBackIsRefused() throws IOException {
    assertThat(put("sse-kms", BROKEN, OK, new Reply(403, "AccessDenied"))).isEqualTo("abc 3");
  }

  @Test
  void refusedIdentityIsAccessDenied() throws IOException {
    against(
        ScriptedServer.start(new Reply(403, "SignatureDoesNotMatch")),
        store ->
            assertThatThrownBy(() -> store.put(LOCATION, CONTENT))
                .isInstanceOf(AccessDenied.class)
                .hasMessageContaining("403 SignatureDoesNotMatch")
                .hasMessageContaining("bucket 'bucket'"));
  }

  @Test
  void messageForBucketInAnotherRegionNamesTheOption() throws IOException {
    against(
        ScriptedServer.start(new Reply(301, "PermanentRedirect")),
        store ->
            assertThatThrownBy(() -> store.put(LOCATION, CONTENT))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("spark.letsdata.s3.region"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400})
  void messageNamesTheRegionThatTheStoreNames(int status) throws IOException {
    Reply elsewhere =
        new Reply(status, "AuthorizationHeaderMalformed").withBucketRegion("eu-west-1");
    against(
        ScriptedServer.start(elsewhere),
        store -> {
          assertThatThrownBy(() -> store.stat(LOCATION))
              .isInstanceOf(StoreException.class)
              .hasMessageContaining("bucket 'bucket' is in region eu-west-1")
              .hasMessageContaining("Set spark.letsdata.s3.region to eu-west-1.");
          assertThatThrownBy(() -> store.read(LOCATION)).hasMessageContaining("eu-west-1");
        });
  }

  @Test
  void archivedObjectIsNamedAsSuchAndNotAsARefusalOfRights() throws IOException {
    against(
        ScriptedServer.start(new Reply(403, "InvalidObjectState")),
        store ->
            assertThatThrownBy(() -> store.read(LOCATION))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage(
                    "Cannot read s3://bucket/key: the object is archived (403 InvalidObjectState). Restore it, or leave it out."));
  }

  @Test
  void messageForStoreWithoutEtagsNamesTheEtag() throws IOException {
    against(
        ScriptedServer.start(new Reply(200, "").withoutEtag()),
        store ->
            assertThatThrownBy(() -> store.stat(LOCATION))
                .hasMessageContaining("Cannot stat s3://bucket/key: the response has no ETag"));
  }

  @Test
  void messageNamesServerThatIsDownAfterFewAttempts() throws IOException {
    // Bound and not listening: refuses connections, and no other process can take the port.
    try (Socket reserved = new Socket()) {
      reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertThatServerIsNamed(URI.create("http://127.0.0.1:" + reserved.getLocalPort()));
    }

    assertThat(meter.counts().requests()).isLessThanOrEqualTo(3 * 4);
  }

  private void assertThatServerIsNamed(URI endpoint) {
    try (ObjectStore store = S3ObjectStore.create(TestIdentity.settings(endpoint), meter)) {
      assertThatThrownBy(() -> store.read(LOCATION))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("Cannot read s3://bucket/key: no response from " + endpoint);
      assertThatThrownBy(() -> store.putIfAbsent(LOCATION, CONTENT))
          .isInstanceOf(StoreUnavailable.class);
      assertThatThrownBy(() -> store.list("bucket", "", Optional.empty(), 1))
          .isInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void messageNamesHostThatDoesNotExist() {
    URI nowhere = URI.create("http://no-such-host.invalid:9000");

    try (ObjectStore store = S3ObjectStore.create(TestIdentity.settings(nowhere), meter)) {
      assertThatThrownBy(() -> store.stat(LOCATION))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("http://no-such-host.invalid:9000");
    }
  }

  @Test
  void interruptedThreadStopsAndStaysInterrupted() throws IOException {
    against(
        ScriptedServer.start(OK),
        store -> {
          Thread.currentThread().interrupt();
          assertThatThrownBy(() -> store.put(LOCATION, CONTENT))
              .isInstanceOf(InterruptedIOException.class);
          assertThat(Thread.interrupted()).isTrue();
        });
  }

  @Test
  void exceptionOfUnreadableContentIsThrown() throws IOException {
    ObjectContent broken =
        new ObjectContent() {
          @Override
          public long lengthBytes() {
            return 3;
          }

          @Override
          public java.io.InputStream open() throws IOException {
            throw new IOException("disk failed");
          }
        };

    against(
        ScriptedServer.start(OK),
        store -> {
          assertThatThrownBy(() -> store.put(LOCATION, broken)).hasMessageContaining("disk failed");
          assertThatThrownBy(() -> store.putIfAbsent(LOCATION, broken))
              .hasMessageContaining("disk failed");
        });
  }
}
