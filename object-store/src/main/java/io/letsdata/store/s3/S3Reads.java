// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.Backoff;
import io.letsdata.store.BodyTruncated;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectChanged;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.RangeBeyondEnd;
import io.letsdata.store.RequestMeter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** HEAD and GET. */
final class S3Reads {

  private static final int MAX_KNOWN_BUCKETS = 1000;
  private static final int MAX_BROKEN_HEADERS = 4;
  private static final long FIRST_PAUSE_MILLIS = 20;

  private final S3Clients clients;
  private final S3Failures failures;

  /**
   * Buckets that answered once: a HEAD's 404 has no body and cannot tell a missing bucket from a
   * missing object.
   */
  private final Set<String> knownBuckets = ConcurrentHashMap.newKeySet();

  S3Reads(S3Clients clients, S3Failures failures) {
    this.clients = clients;
    this.failures = failures;
  }

  Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    String action = "stat " + location;
    return untilWhole(action, () -> statOnce(action, location));
  }

  private Optional<ObjectStat> statOnce(String action, ObjectLocation location) throws IOException {
    try {
      var answer =
          clients.retrying().headObject(r -> r.bucket(location.bucket()).key(location.key()));
      known(location.bucket());
      if (answer.contentLength() == null || !Etags.whole(answer.eTag())) {
        throw brokenHeader(action);
      }
      return Optional.of(new ObjectStat(answer.contentLength(), Etags.plain(answer.eTag())));
    } catch (AwsServiceException e) {
      if (e.statusCode() != 404) {
        throw failures.translate(action, location.bucket(), e);
      }
      requireBucket(action, location.bucket());
      return Optional.empty();
    } catch (SdkException e) {
      throw failures.translate(action, location.bucket(), e);
    }
  }

  private interface Attempt<T> {
    T send() throws IOException;
  }

  /**
   * Asks again when an answer's header is not whole: the connection broke within it, or the object
   * is just being stored, which s3proxy shows before its etag.
   */
  private <T> T untilWhole(String action, Attempt<T> attempt) throws IOException {
    for (int attempts = 1; ; attempts++) {
      try {
        return attempt.send();
      } catch (BodyTruncated e) {
        if (attempts == MAX_BROKEN_HEADERS) {
          throw e;
        }
        Backoff.pause(action, FIRST_PAUSE_MILLIS << attempts);
        clients.meter().retried();
      }
    }
  }

  private void requireBucket(String action, String bucket) throws IOException {
    if (knownBuckets.contains(bucket)) {
      return;
    }
    try {
      clients.retrying().headBucket(r -> r.bucket(bucket));
      known(bucket);
    } catch (AwsServiceException e) {
      if (e.statusCode() == 404) {
        throw failures.bucketNotFound(action, bucket, e);
      }
      // Not being allowed to ask for the bucket says nothing about the object, which is missing.
      if (e.statusCode() != 403) {
        throw failures.translate(action, bucket, e);
      }
    } catch (SdkException e) {
      throw failures.translate(action, bucket, e);
    }
  }

  private void known(String bucket) {
    if (knownBuckets.size() < MAX_KNOWN_BUCKETS) {
      knownBuckets.add(bucket);
    }
  }

  /**
   * One GET.
   *
   * @param rangeHeader as HTTP spells it, or empty for everything
   */
  ObjectBody open(
      ObjectLocation location, String shown, Optional<String> rangeHeader, Optional<String> etag)
      throws IOException {
    String action = ("read " + location + " " + shown).trim();
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(location.bucket()).key(location.key());
    rangeHeader.ifPresent(request::range);
    etag.ifPresent(tag -> request.ifMatch(Etags.quoted(tag)));
    return untilWhole(action, () -> openOnce(action, location, request.build(), etag));
  }

  private ObjectBody openOnce(
      String action, ObjectLocation location, GetObjectRequest request, Optional<String> etag)
      throws IOException {
    ResponseInputStream<GetObjectResponse> stream;
    try {
      stream = clients.retrying().getObject(request);
    } catch (AwsServiceException e) {
      throw refused(action, location, etag, e);
    } catch (SdkException e) {
      throw failures.translate(action, location.bucket(), e);
    }
    known(location.bucket());
    try {
      requireWholeHeader(action, request.range() != null, stream.response());
      return body(action, location, etag, stream);
    } catch (IOException | RuntimeException e) {
      stream.abort();
      throw e;
    }
  }

  /** The HTTP client takes the end of a connection within the header for the header's end. */
  private static void requireWholeHeader(String action, boolean ranged, GetObjectResponse answer)
      throws IOException {
    boolean rangeMissing = ranged && answer.contentRange() == null;
    boolean lengthMissing = answer.contentLength() == null;
    if (rangeMissing || lengthMissing || !Etags.whole(answer.eTag())) {
      throw brokenHeader(action);
    }
  }

  private static BodyTruncated brokenHeader(String action) {
    return new BodyTruncated(
        "Cannot " + action + ": the answer broke off within its header. Read it again.");
  }

  private IOException refused(
      String action, ObjectLocation location, Optional<String> etag, AwsServiceException e)
      throws IOException {
    if (e.statusCode() == 412 && etag.isPresent()) {
      return changed(action, etag.get(), stat(location).map(ObjectStat::etag).orElse("none"), e);
    }
    if (e.statusCode() == 416) {
      return new RangeBeyondEnd(
          "Cannot " + action + ": the object ends before the range begins.", e);
    }
    return failures.translate(action, location.bucket(), e);
  }

  private static ObjectChanged changed(
      String action, String expected, String found, @Nullable Throwable cause) {
    return new ObjectChanged(
        "Cannot %s: object changed since planning (etag %s, now %s). Write new keys instead of overwriting."
            .formatted(action, expected, found),
        cause);
  }

  private ObjectBody body(
      String action,
      ObjectLocation location,
      Optional<String> etag,
      ResponseInputStream<GetObjectResponse> stream)
      throws IOException {
    GetObjectResponse answer = stream.response();
    String found = Etags.plain(answer.eTag());
    // A server that ignores If-Match must not make us mix two versions.
    if (etag.isPresent() && !etag.get().equals(found)) {
      throw changed(action, etag.get(), found, null);
    }
    ContentRange delivered =
        answer.contentRange() == null
            ? ContentRange.whole(answer.contentLength())
            : ContentRange.parse(answer.contentRange()).orElseThrow(() -> brokenHeader(action));
    if (delivered.range().lengthBytes() != answer.contentLength()) {
      throw brokenHeader(action);
    }
    return new ObjectBody(
        location,
        delivered.range(),
        new ObjectStat(delivered.objectLengthBytes(), found),
        new MeteredStream(stream, clients.meter()),
        stream::abort);
  }

  /**
   * Counts what arrives, and turns the SDK's unchecked failures (checksum mismatch, abort) into
   * IOExceptions.
   */
  private static final class MeteredStream extends FilterInputStream {

    private final RequestMeter meter;

    MeteredStream(InputStream source, RequestMeter meter) {
      super(source);
      this.meter = meter;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        int count = super.read(target, offset, length);
        meter.received(Math.max(count, 0));
        return count;
      } catch (SdkException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }
}
