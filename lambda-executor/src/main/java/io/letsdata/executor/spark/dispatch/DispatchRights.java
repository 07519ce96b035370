// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.settings.TimeLimit;
import java.io.IOException;
import java.time.Duration;

/** The commit rights of dispatches, for stages that have them. Thread-safe. */
final class DispatchRights {
  private final CommitRights rights;
  private final SettledObjects objects;
  private final TimeLimit limit;

  /**
   * @param limit of the function
   */
  DispatchRights(CommitRights rights, SettledObjects objects, TimeLimit limit) {
    this.rights = rights;
    this.objects = objects;
    this.limit = limit;
  }

  /** Longest life of an invocation after its request was sent. */
  Duration aliveAtMost() {
    return limit.aliveAtMost();
  }

  /**
   * Makes sure that no invocation of the dispatch can commit, and that a later dispatch can. At
   * most one conditional PUT and one GET.
   *
   * @return false when an invocation that may be alive holds the right: it may be committing
   */
  boolean fence(TaskDispatch dispatch) throws IOException {
    DispatchInvocations invocations = dispatch.invocations();
    if (!dispatch.inputs().mayCommit()) {
      return true;
    }
    taken(dispatch);
    return rights.revoke(
        dispatch.inputs().stageId(),
        dispatch.description().partitionId(),
        dispatch.commitGeneration(),
        dispatch.id(),
        holder -> invocations.hasEnded(holder) || invocations.left(aliveAtMost()).isNegative());
  }

  /** A right of the dispatch's partition is in the store. */
  void taken(TaskDispatch dispatch) {
    objects.rightTaken(dispatch);
  }

  /** The holder of this dispatch's generation cannot commit any more: the next one is valid. */
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
