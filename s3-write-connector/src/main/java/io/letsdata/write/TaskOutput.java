// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * The objects of one task attempt: the commit message from the task to the driver. Immutable.
 *
 * @param partition index of the task within the write stage, from 0
 * @param objects in the order of the partition's rows; empty when the partition had no rows
 */
record TaskOutput(int partition, List<TaskObject> objects)
    implements WriterCommitMessage, Serializable {
  private static final long serialVersionUID = 1L;

  TaskOutput {
    if (partition < 0) {
      throw new IllegalArgumentException("partition is " + partition);
    }
    objects = List.copyOf(objects);
  }
}
