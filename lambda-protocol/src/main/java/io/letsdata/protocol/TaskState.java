// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;

/**
 * How a task ended. The names are those of Spark's own terminal states that an executor reports
 * (TaskState.scala and Executor.scala, 3.5.9).
 */
@Internal
public enum TaskState {
  /** The result is a serialized task result. */
  FINISHED,
  /** The result is a serialized failure reason. */
  FAILED,
  /** The result is a serialized failure reason; the driver had asked for it. */
  KILLED
}
