// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.TaskFailedReason;

/**
 * Notes that are shown beside a user's own exception: the request, and the end of the function's
 * log. A note is kept from a task's response to the moment when Spark handles the failure, which it
 * deserializes on another thread. Thread-safe.
 */
final class FailureNotes {
  /** Bound, because a note is never taken when Spark does not want its task any longer. */
  private static final int KEPT = 1_000;

  // Guarded by this.
  private final Map<Long, String> notes =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
          return size() > KEPT;
        }
      };

  synchronized void add(long taskId, String note) {
    notes.put(taskId, note);
  }

  private synchronized String take(long taskId) {
    String note = notes.remove(taskId);
    return note == null ? "" : note;
  }

  /**
   * The reason with the task's note after the stack trace, which {@code toErrorString} shows
   * (TaskEndReason.scala, 3.5.9). Class, message and the exception itself stay as they are.
   */
  TaskFailedReason beside(long taskId, TaskFailedReason reason) {
    String note = take(taskId);
    if (note.isEmpty()
        || !(reason instanceof ExceptionFailure failure)
        || failure.fullStackTrace() == null) {
      return reason;
    }
    return failure.copy(
        failure.className(),
        failure.description(),
        failure.stackTrace(),
        failure.fullStackTrace().stripTrailing() + "\n" + note,
        failure.copy$default$5(),
        failure.accumUpdates(),
        failure.copy$default$7(),
        failure.copy$default$8());
  }
}
