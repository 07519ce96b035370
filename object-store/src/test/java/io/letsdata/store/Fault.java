package io.letsdata.store;

import java.util.concurrent.CountDownLatch;

/** What goes wrong with one request. */
public sealed interface Fault {

  /** The request never reaches the store. */
  record FailBefore() implements Fault {}

  /**
   * The store does it, the caller never hears: {@link OutcomeUnknown} for conditional writes,
   * {@link StoreUnavailable} else.
   */
  record LoseAnswer() implements Fault {}

  /** The store answers 503 until the client gives up. */
  record Unavailable() implements Fault {}

  /** The body of a GET ends after so many bytes. */
  record CutBody(long afterBytes) implements Fault {}

  /** The request waits until the latch is open, then goes on as if nothing were wrong. */
  record HoldUntil(CountDownLatch latch) implements Fault {}
}
