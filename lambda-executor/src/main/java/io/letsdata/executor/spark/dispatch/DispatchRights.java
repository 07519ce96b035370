// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import java.io.IOException;
import java.time.Duration;

/** The commit rights of dispatches, for stages that have them. Thread-safe. */
final class DispatchRights {
  private final CommitRights rights;
  private final Duration aliveAtMost;

  /**
   * @param aliveAtMost how long a run can live after its request was sent
   */
  DispatchRights(CommitRights rights, Duration aliveAtMost) {
    this.rights = rights;
    this.aliveAtMost = aliveAtMost;
  }

  /**
   * Makes sure that no run of the dispatch can commit, and that a later dispatch can. At most one
   * conditional PUT and one GET.
   *
   * @return false when a run that may be alive holds the right: it may be committing
   */
  boolean fence(TaskDispatch dispatch) throws IOException {
    DispatchRuns runs = dispatch.runs();
    return !dispatch.inputs().mayCommit()
        || rights.revoke(
            dispatch.inputs().stageId(),
            dispatch.description().partitionId(),
            dispatch.commitGeneration(),
            dispatch.id(),
            holder -> runs.hasEnded(holder) || runs.left(aliveAtMost).isNegative());
  }

  /** Whoever held the right of this dispatch's generation can do nothing with it any more. */
  void released(TaskDispatch dispatch) {
    rights.released(
        dispatch.inputs().stageId(),
        dispatch.description().partitionId(),
        dispatch.commitGeneration());
  }

  /** Whether a later dispatch would have a right of its own. */
  boolean hasMovedOn(TaskDispatch dispatch) {
    return rights.generation(dispatch.inputs().stageId(), dispatch.description().partitionId())
        > dispatch.commitGeneration();
  }
}
