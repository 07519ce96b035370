// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.TaskFailedReason;

/**
 * What stands beside a user's own exception: which request it was and the end of the function's
 * log. Kept between a task's answer and the moment when Spark, which deserializes the answer on
 * another thread, handles the failure. Thread-safe.
 */
final class FailureNotes {
  /** A note whose task Spark no longer wants is never taken. */
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
   * The reason with the task's note after the stack, which is what {@code toErrorString} shows
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
