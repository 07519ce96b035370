// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.ObjectNotAuthentic;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches the store for responses that were lost, at growing pauses, as long as their invocations
 * may be alive. Thread-safe.
 */
final class LostResponses {
  private static final Logger LOG = LoggerFactory.getLogger(LostResponses.class);
  private static final Duration SEARCH_MARGIN = Duration.ofSeconds(3);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long MAX_PAUSE_MILLIS = 5_000;

  private final ObjectStore store;
  private final RunLayout layout;
  private final Duration storeResponseAfter;
  private final DispatchRights rights;
  private final ResultHandler results;
  private final DispatchSettler settler;
  private final DispatchSteps steps;

  /**
   * @param storeResponseAfter invocations that took less time store no response
   */
  LostResponses(
      ObjectStore store,
      RunLayout layout,
      Duration storeResponseAfter,
      DispatchRights rights,
      ResultHandler results,
      DispatchSettler settler,
      DispatchSteps steps) {
    this.store = store;
    this.layout = layout;
    this.storeResponseAfter = storeResponseAfter;
    this.rights = rights;
    this.results = results;
    this.settler = settler;
    this.steps = steps;
  }

  /**
   * One search.
   *
   * @param patience how long after its request was sent it ends, unless an invocation holds the
   *     commit right
   */
  private record Search(TaskDispatch dispatch, String why, Duration patience, long pauseMillis) {
    Search slower() {
      return new Search(dispatch, why, patience, Math.min(pauseMillis * 2, MAX_PAUSE_MILLIS));
    }
  }

  /**
   * Searches after the connection broke. Short tasks store no response, so there is nothing to wait
   * for once they could have. A task whose connection broke early may be a long one; to run it
   * again costs less than to wait.
   *
   * <p>Example with {@code storeResponseAfter} 2 s and a function limit of 900 s: a connection that
   * broke 1 s after it was sent is searched until 1 + 2 + 3 = 6 s after that moment; one that broke
   * after 60 s until 915 s.
   */
  void search(TaskDispatch dispatch, String why) throws IOException {
    Duration sinceSent = dispatch.invocations().sinceSent();
    boolean wasShort = sinceSent.compareTo(storeResponseAfter) < 0;
    Duration patience =
        wasShort ? sinceSent.plus(storeResponseAfter).plus(SEARCH_MARGIN) : rights.aliveAtMost();
    look(new Search(dispatch, why, patience, FIRST_PAUSE_MILLIS));
  }

  /** Waits for another invocation of the dispatch that holds a right: its response counts. */
  void awaitOther(TaskDispatch dispatch, String why) throws IOException {
    notThere(new Search(dispatch, why, rights.aliveAtMost(), FIRST_PAUSE_MILLIS));
  }

  /** Looks for the stored response. One GET. */
  private void look(Search search) throws IOException {
    byte[] stored;
    try {
      stored = store.read(layout.response(search.dispatch().id()));
    } catch (ObjectNotFound e) {
      notThere(search);
      return;
    } catch (ObjectNotAuthentic e) {
      if (search.pauseMillis() == FIRST_PAUSE_MILLIS) { // it will not change
        LOG.warn("The stored response of {} is not used", search.dispatch().label(), e);
      }
      notThere(search);
      return;
    }
    LOG.info("The response of {} was lost and found in the store", search.dispatch().label());
    if (!results.accept(search.dispatch(), stored, "unknown", "")) {
      notThere(search);
    }
  }

  /** Looks again after a pause, or ends the search; never while an invocation may be committing. */
  private void notThere(Search search) throws IOException {
    TaskDispatch dispatch = search.dispatch();
    Duration left = search.patience().minus(dispatch.invocations().sinceSent());
    boolean patient = !left.isNegative() && !dispatch.isReported();
    if (patient || !rights.fence(dispatch)) {
      steps.after(search.pauseMillis(), dispatch, () -> look(search.slower()));
      return;
    }
    settler.fail(
        dispatch,
        "The response of %s was lost (%s) and it stored none within %s s."
            .formatted(
                dispatch.label(), search.why(), dispatch.invocations().sinceSent().toSeconds()));
  }
}
