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

/** The requests HEAD and GET. */
final class S3Reads {

  private static final int MAX_KNOWN_BUCKETS = 1000;
  private static final int MAX_BROKEN_HEADERS = 4;
  private static final long FIRST_PAUSE_MILLIS = 20;

  private final S3Clients clients;
  private final S3Failures failures;

  /**
   * Buckets that exist. The 404 of a HEAD has no body, so it does not show whether the bucket or
   * the object is missing.
   */
  private final Set<String> knownBuckets = ConcurrentHashMap.newKeySet();

  S3Reads(S3Clients clients, S3Failures failures) {
    this.clients = clients;
    this.failures = failures;
  }

  Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    String action = "stat " + location;
    return untilComplete(action, () -> statOnce(action, location));
  }

  private Optional<ObjectStat> statOnce(String action, ObjectLocation location) throws IOException {
    try {
      var response =
          clients.retrying().headObject(r -> r.bucket(location.bucket()).key(location.key()));
      known(location.bucket());
      if (response.contentLength() == null || !Etags.complete(response.eTag())) {
        throw incompleteHeader(action, response.contentLength(), response.eTag());
      }
      return Optional.of(new ObjectStat(response.contentLength(), Etags.plain(response.eTag())));
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
   * Repeats a request whose response has an incomplete header: the connection broke within it, or
   * s3proxy shows an object that is being stored and has no etag yet.
   */
  private <T> T untilComplete(String action, Attempt<T> attempt) throws IOException {
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
      // Without permission to look at the bucket, the object is missing all the same.
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
   * @param rangeHeader value of HTTP's Range; empty for the whole object
   */
  ObjectBody open(
      ObjectLocation location, String shown, Optional<String> rangeHeader, Optional<String> etag)
      throws IOException {
    String action = ("read " + location + " " + shown).trim();
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(location.bucket()).key(location.key());
    rangeHeader.ifPresent(request::range);
    etag.ifPresent(tag -> request.ifMatch(Etags.quoted(tag)));
    return untilComplete(action, () -> openOnce(action, location, request.build(), etag));
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
      requireCompleteHeader(action, request.range() != null, stream.response());
      return body(action, location, etag, stream);
    } catch (IOException | RuntimeException e) {
      stream.abort();
      throw e;
    }
  }

  /**
   * Rejects an incomplete header: the HTTP client takes the end of a connection within the header
   * for the end of the header.
   */
  private static void requireCompleteHeader(
      String action, boolean ranged, GetObjectResponse response) throws IOException {
    boolean rangeMissing = ranged && response.contentRange() == null;
    boolean lengthMissing = response.contentLength() == null;
    if (rangeMissing || lengthMissing || !Etags.complete(response.eTag())) {
      throw rangeMissing
          ? brokenHeader(action)
          : incompleteHeader(action, response.contentLength(), response.eTag());
    }
  }

  private static BodyTruncated incompleteHeader(
      String action, @Nullable Long contentLength, @Nullable String etag) {
    return contentLength != null && etag == null
        ? new BodyTruncated(
            "Cannot "
                + action
                + ": the response has no ETag, so a change of the object could not be seen. Use a store that sends ETags; if the object is being stored, read it again.")
        : brokenHeader(action);
  }

  private static BodyTruncated brokenHeader(String action) {
    return new BodyTruncated(
        "Cannot " + action + ": the response broke off within its header. Read it again.");
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
    GetObjectResponse response = stream.response();
    String found = Etags.plain(response.eTag());
    // A server may ignore If-Match; two versions must not be mixed.
    if (etag.isPresent() && !etag.get().equals(found)) {
      throw changed(action, etag.get(), found, null);
    }
    ContentRange delivered =
        response.contentRange() == null
            ? ContentRange.whole(response.contentLength())
            : ContentRange.parse(response.contentRange()).orElseThrow(() -> brokenHeader(action));
    if (delivered.range().lengthBytes() != response.contentLength()) {
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
   * Counts the bytes that arrive, and turns the SDK's unchecked failures (checksum mismatch, abort)
   * into IOExceptions.
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
