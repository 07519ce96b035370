// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.admin;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/**
 * A fault that hits the next synchronous invocations that match. An invocation that is throttled
 * anyway does not count.
 *
 * @param times number of invocations; at least 1
 * @param function null: of any function
 * @param payloadContains null: any payload; otherwise those that contain this text (UTF-8)
 * @param millis time of the kinds that take one; the others ignore it
 */
@Evolving
public record Fault(
    Kind kind,
    int times,
    @Nullable String function,
    @Nullable String payloadContains,
    long millis) {

  /** The kinds of faults. */
  public enum Kind {
    /** The function runs to its end, then the connection is dropped without a response. */
    ANSWER_LOST,
    /** The connection is dropped, the function does not run. */
    REQUEST_LOST,
    /**
     * The function runs in two environments at once; the response of the first to end is sent, the
     * other one runs on.
     */
    DUPLICATE_FIRST,
    /** The function runs in two environments at once; the response of the last to end is sent. */
    DUPLICATE_LAST,
    /** 429 TooManyRequestsException; the function does not run. */
    THROTTLE,
    /** The same, because of too many requests a second. */
    RATE_EXCEEDED,
    /** 403 AccessDeniedException; the function does not run. */
    FORBIDDEN,
    /** 500 ServiceException; the function does not run. */
    SERVICE_ERROR,
    /** 500 ServiceException after the function ran to its end. */
    SERVICE_ERROR_AFTER,
    /** The function runs to its end, its response comes {@code millis} later. */
    DELAY_ANSWER,
    /** The function's process gets a SIGKILL {@code millis} after the invocation reached it. */
    CRASH
  }

  public Fault {
    if (times < 1 || millis < 0) {
      throw new IllegalArgumentException(
          "Invalid fault: times %s, millis %s (must be at least 1 and 0)".formatted(times, millis));
    }
  }

  /** It hits the next invocation, of any function. */
  public static Fault next(Kind kind) {
    return new Fault(kind, 1, null, null, 0);
  }

  /** The same for the next {@code count} invocations. */
  public Fault times(int count) {
    return new Fault(kind, count, function, payloadContains, millis);
  }

  /** The same for one function only. */
  public Fault of(String functionName) {
    return new Fault(kind, times, functionName, payloadContains, millis);
  }

  /** The same for payloads that contain {@code text} only. */
  public Fault matching(String text) {
    return new Fault(kind, times, function, text, millis);
  }

  /** The same with another time. */
  public Fault millis(long value) {
    return new Fault(kind, times, function, payloadContains, value);
  }
}
