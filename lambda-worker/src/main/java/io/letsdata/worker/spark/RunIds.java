// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.security.SecureRandom;
import org.apache.spark.scheduler.TaskDescription;

/**
 * Gives each invocation of a task attempt a task id of its own. Spark's writers name their
 * temporary folders by the task attempt id (FileFormatWriter.executeTask, 3.5.9, takes its low 31
 * bits), and two invocations may run one attempt at once: in one folder they would delete each
 * other's files.
 */
final class RunIds {
  private static final int BITS = 31;

  private RunIds() {}

  /** The same task, with the driver's task id in the high bits and a random low part. */
  static TaskDescription unique(TaskDescription task) {
    long random = new SecureRandom().nextInt() & Integer.MAX_VALUE;
    return new TaskDescription(
        (task.taskId() << BITS) | random,
        task.attemptNumber(),
        task.executorId(),
        task.name(),
        task.index(),
        task.partitionId(),
        task.artifacts(),
        task.properties(),
        task.cpus(),
        task.resources(),
        task.serializedTask());
  }
}
