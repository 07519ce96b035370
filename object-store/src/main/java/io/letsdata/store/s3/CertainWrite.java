// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.Backoff;
import io.letsdata.store.OutcomeUnknown;
import io.letsdata.store.RequestMeter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Sends a write whose repetition has another response than the first attempt (conditional writes,
 * completion of uploads), and never takes its own success for that of another writer.
 *
 * <p>After an attempt without a clear response the write is sent again: idle connections end
 * without notice, and most such attempts never arrived. If the repetition succeeds, the outcome is
 * certain. If it finds an object, that may be our own, so the outcome is unknown.
 */
final class CertainWrite {

  private static final int MAX_ATTEMPTS = 4;
  private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(60);
  private static final long FIRST_PAUSE_MILLIS = 100;

  private final S3Failures failures;
  private final RequestMeter meter;

  CertainWrite(S3Failures failures, RequestMeter meter) {
    this.failures = failures;
    this.meter = meter;
  }

  /** The response, or empty when the precondition did not hold. */
  <T> Optional<T> send(String action, String bucket, Supplier<T> request) throws IOException {
    long started = System.nanoTime();
    boolean responseLost = false;
    for (int attempt = 1; ; attempt++) {
      SdkException failure;
      try {
        return Optional.of(request.get());
      } catch (SdkException e) {
        failure = e;
      }
      Response response = Response.of(failure);
      // Without a bucket, an attempt without a response stored nothing either.
      responseLost = (responseLost || response == Response.LOST) && response != Response.NO_BUCKET;
      boolean done = response != Response.NOT_DONE && response != Response.LOST;
      boolean exhausted =
          attempt == MAX_ATTEMPTS || System.nanoTime() - started > GIVE_UP_AFTER.toNanos();
      boolean interrupted = S3Failures.interrupted(failure);
      if (responseLost && (done || exhausted || interrupted)) {
        throw unknown(action, attempt, interrupted, failure);
      }
      if (response == Response.PRECONDITION_FAILED) {
        return Optional.empty();
      }
      if (done || exhausted || interrupted) {
        throw failures.translate(action, bucket, failure);
      }
      pause(action, attempt, responseLost);
      meter.retried();
    }
  }

  private static OutcomeUnknown unknown(
      String action, int attempts, boolean interrupted, SdkException failure) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new OutcomeUnknown(
        "Cannot %s: the response was lost (%s attempts, last: %s), state unknown. Read it back before any other step; nothing was deleted."
            .formatted(action, attempts, failure.getMessage()),
        failure);
  }

  private static void pause(String action, int attempt, boolean responseLost) throws IOException {
    try {
      Backoff.pause(action, FIRST_PAUSE_MILLIS << attempt);
    } catch (InterruptedIOException e) {
      if (responseLost) {
        throw new OutcomeUnknown(e.getMessage() + " after a lost response, state unknown.", e);
      }
      throw e;
    }
  }

  private enum Response {
    PRECONDITION_FAILED,
    /** Refused, and will be refused again. */
    REFUSED,
    /** Refused, and so were all attempts before. */
    NO_BUCKET,
    /** Certainly not done; another attempt may succeed. */
    NOT_DONE,
    /** Done, not done, or still to be done. */
    LOST;

    static Response of(SdkException failure) {
      if (!(failure instanceof AwsServiceException refusal)) {
        return S3Failures.neverSent(failure) ? NOT_DONE : LOST;
      }
      int status = refusal.statusCode();
      if (S3Failures.code(refusal).equals("NoSuchBucket")) {
        return NO_BUCKET;
      }
      if (status == 412) {
        return PRECONDITION_FAILED;
      }
      // 409 ConditionalRequestConflict: another write was under way (S3 user guide, conditional
      // writes).
      if (status == 409 || status == 429 || S3Failures.code(refusal).equals("SlowDown")) {
        return NOT_DONE;
      }
      // The store may have done the write although it answered 5xx.
      return status >= 500 || status < 300 ? LOST : REFUSED;
    }
  }
}
