package io.letsdata.executor.spark;

import io.letsdata.executor.CommitRights;
import java.io.IOException;

/** The commit rights of dispatches, for stages that have them. Thread-safe. */
final class DispatchRights {
  private final CommitRights rights;

  DispatchRights(CommitRights rights) {
    this.rights = rights;
  }

  /** For a dispatch whose run has ended without a word: it can never commit, a later one can. */
  void revoke(TaskDispatch dispatch) throws IOException {
    if (dispatch.inputs().mayCommit()) {
      rights.revoke(
          dispatch.inputs().stageId(),
          dispatch.description().partitionId(),
          dispatch.commitGeneration(),
          dispatch.id());
    }
  }

  /**
   * Whether a run that may still go on holds its right; if it has none, it can never have it after
   * this.
   */
  boolean mayBeCommitting(TaskDispatch dispatch) throws IOException {
    return dispatch.inputs().mayCommit()
        && !rights.revokeUnlessHeld(
            dispatch.inputs().stageId(),
            dispatch.description().partitionId(),
            dispatch.commitGeneration(),
            dispatch.id());
  }

  /** Its holder has ended and will not commit. */
  void released(TaskDispatch dispatch) {
    rights.released(
        dispatch.inputs().stageId(),
        dispatch.description().partitionId(),
        dispatch.commitGeneration());
  }
}
