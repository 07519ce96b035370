// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks in the store for answers that were lost on their way, at growing pauses, for as long as
 * their runs may be alive. Thread-safe.
 */
final class LostResponses {
  private static final Logger LOG = LoggerFactory.getLogger(LostResponses.class);
  private static final Duration SEARCH_MARGIN = Duration.ofSeconds(3);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long MAX_PAUSE_MILLIS = 5_000;

  private final ObjectStore store;
  private final RunLayout layout;
  private final Duration storeResponseAfter;
  private final Duration aliveAtMost;
  private final DispatchRights rights;
  private final ResultHandler answers;
  private final DispatchEnds ends;
  private final Later later;

  /** Where a next look runs; a failure of it ends the dispatch. */
  interface Later {
    /** Runs {@code step} after a pause, unless the application stops before. */
    void in(long millis, TaskDispatch dispatch, Step step);
  }

  /** What may fail with its store. */
  interface Step {
    void run() throws IOException;
  }

  /**
   * @param storeResponseAfter shorter runs store no answer
   * @param aliveAtMost how long a run can live after its request was sent
   */
  LostResponses(
      ObjectStore store,
      RunLayout layout,
      Duration storeResponseAfter,
      Duration aliveAtMost,
      DispatchRights rights,
      ResultHandler answers,
      DispatchEnds ends,
      Later later) {
    this.store = store;
    this.layout = layout;
    this.storeResponseAfter = storeResponseAfter;
    this.aliveAtMost = aliveAtMost;
    this.rights = rights;
    this.answers = answers;
    this.ends = ends;
    this.later = later;
  }

  /**
   * @param patience how long after its request was sent it is given up, unless a run holds the
   *     commit right
   */
  private record Search(TaskDispatch dispatch, String why, Duration patience, long pauseMillis) {
    Search slower() {
      return new Search(dispatch, why, patience, Math.min(pauseMillis * 2, MAX_PAUSE_MILLIS));
    }
  }

  /**
   * The connection broke. Short tasks store no response, so there is nothing to wait for once they
   * could have. One whose connection broke early may be a long one; running it again costs less
   * than the wait.
   */
  void search(TaskDispatch dispatch, String why) throws IOException {
    Duration sinceSent = dispatch.runs().sinceSent();
    boolean wasShort = sinceSent.compareTo(storeResponseAfter) < 0;
    Duration patience =
        wasShort ? sinceSent.plus(storeResponseAfter).plus(SEARCH_MARGIN) : aliveAtMost;
    look(new Search(dispatch, why, patience, FIRST_PAUSE_MILLIS));
  }

  /** Another run of the dispatch holds its commit right, so the answer of that one counts. */
  void awaitOtherRun(TaskDispatch dispatch, String why) throws IOException {
    notThere(new Search(dispatch, why, aliveAtMost, FIRST_PAUSE_MILLIS));
  }

  /** Looks for the stored response, one GET a try. */
  private void look(Search search) throws IOException {
    byte[] stored;
    try {
      stored = store.read(layout.response(search.dispatch().id()));
    } catch (ObjectNotFound e) {
      notThere(search);
      return;
    }
    LOG.info("The answer of {} was lost and found in the store", search.dispatch().label());
    if (!answers.accept(search.dispatch(), stored, "unknown", "")) {
      notThere(search);
    }
  }

  /** Looks again after a pause, or gives up; never while a run may be committing. */
  private void notThere(Search search) throws IOException {
    TaskDispatch dispatch = search.dispatch();
    Duration left = search.patience().minus(dispatch.runs().sinceSent());
    boolean patient = !left.isNegative() && !dispatch.isReported();
    if (patient || !rights.fence(dispatch)) {
      later.in(search.pauseMillis(), dispatch, () -> look(search.slower()));
      return;
    }
    ends.fail(
        dispatch,
        "The answer of %s was lost (%s) and it stored none within %d s."
            .formatted(dispatch.label(), search.why(), dispatch.runs().sinceSent().toSeconds()));
  }
}
