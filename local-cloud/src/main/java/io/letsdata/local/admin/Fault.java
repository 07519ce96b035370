// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.admin;

import org.jspecify.annotations.Nullable;

/**
 * Something that shall happen to the next synchronous invocations that match; an invocation that is
 * throttled anyway does not count.
 *
 * @param times how many invocations; at least 1
 * @param function null: of any function
 * @param payloadContains null: any payload; otherwise those that contain this text (UTF-8)
 * @param millis what the kind says
 */
public record Fault(
    Kind kind,
    int times,
    @Nullable String function,
    @Nullable String payloadContains,
    long millis) {

  /** What happens. */
  public enum Kind {
    /** The function runs to its end, then the connection is dropped without an answer. */
    ANSWER_LOST,
    /** The connection is dropped, the function does not run. */
    REQUEST_LOST,
    /**
     * The function runs in two environments at once; the one that ends first answers, the other
     * runs on.
     */
    DUPLICATE_FIRST,
    /** The function runs in two environments at once; the one that ends last answers. */
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
    /** The function runs to its end, its answer comes {@code millis} later. */
    DELAY_ANSWER,
    /** The function's process gets a SIGKILL {@code millis} after the invocation reached it. */
    CRASH
  }

  public Fault {
    if (times < 1 || millis < 0) {
      throw new IllegalArgumentException(
          "Invalid fault: times %d, millis %d (must be at least 1 and 0)".formatted(times, millis));
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
