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
 * Sends a write whose second sending answers differently from its first (conditional writes,
 * completion of uploads), and never mistakes its own success for another's.
 *
 * <p>After an attempt without a clear answer the write is sent again, because idle connections die
 * silently and most such attempts never arrived: success then is certain. "Already there" then is
 * not: it may be our own, so the outcome is unknown.
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

  /** The answer, or empty when the precondition did not hold. */
  <T> Optional<T> send(String action, String bucket, Supplier<T> request) throws IOException {
    long started = System.nanoTime();
    boolean answerLost = false;
    for (int attempt = 1; ; attempt++) {
      SdkException failure;
      try {
        return Optional.of(request.get());
      } catch (SdkException e) {
        failure = e;
      }
      Answer answer = Answer.of(failure);
      // What never had a bucket was not stored by an attempt without an answer either.
      answerLost = (answerLost || answer == Answer.LOST) && answer != Answer.NO_BUCKET;
      boolean done = answer != Answer.NOT_DONE && answer != Answer.LOST;
      boolean exhausted =
          attempt == MAX_ATTEMPTS || System.nanoTime() - started > GIVE_UP_AFTER.toNanos();
      boolean interrupted = S3Failures.interrupted(failure);
      if (answerLost && (done || exhausted || interrupted)) {
        throw unknown(action, attempt, interrupted, failure);
      }
      if (answer == Answer.PRECONDITION_FAILED) {
        return Optional.empty();
      }
      if (done || exhausted || interrupted) {
        throw failures.translate(action, bucket, failure);
      }
      pause(action, attempt, answerLost);
      meter.retried();
    }
  }

  private static OutcomeUnknown unknown(
      String action, int attempts, boolean interrupted, SdkException failure) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new OutcomeUnknown(
        "Cannot %s: the answer was lost (%d tries, last: %s), state unknown. Read it back before doing anything else; nothing was deleted."
            .formatted(action, attempts, failure.getMessage()),
        failure);
  }

  private static void pause(String action, int attempt, boolean answerLost) throws IOException {
    try {
      Backoff.pause(action, FIRST_PAUSE_MILLIS << attempt);
    } catch (InterruptedIOException e) {
      if (answerLost) {
        throw new OutcomeUnknown(e.getMessage() + " after a lost answer, state unknown.", e);
      }
      throw e;
    }
  }

  private enum Answer {
    PRECONDITION_FAILED,
    /** A clear no that will stay one. */
    REFUSED,
    /** A clear no to all attempts. */
    NO_BUCKET,
    /** Certainly not done; worth another try. */
    NOT_DONE,
    /** Done or not, or still to be done. */
    LOST;

    static Answer of(SdkException failure) {
      if (!(failure instanceof AwsServiceException answer)) {
        return S3Failures.neverSent(failure) ? NOT_DONE : LOST;
      }
      int status = answer.statusCode();
      if (S3Failures.code(answer).equals("NoSuchBucket")) {
        return NO_BUCKET;
      }
      if (status == 412) {
        return PRECONDITION_FAILED;
      }
      // 409 ConditionalRequestConflict: another write was under way (S3 user guide, conditional
      // writes).
      if (status == 409 || status == 429 || S3Failures.code(answer).equals("SlowDown")) {
        return NOT_DONE;
      }
      // An ambiguous 5xx may have been carried out.
      return status >= 500 || status < 300 ? LOST : REFUSED;
    }
  }
}
