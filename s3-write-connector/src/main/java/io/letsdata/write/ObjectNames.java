package io.letsdata.write;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ObjectLocation;

/**
 * The locations of one writer's objects. Pure.
 *
 * @param layout of the output
 * @param partition of the task
 * @param taskId Spark's, unique in the application
 * @param nonce of the writer
 * @param extension without leading dot
 */
record ObjectNames(
    OutputLayout layout, int partition, long taskId, String nonce, String extension) {

  /** Where the writer's {@code number}-th object goes, from 0. */
  ObjectLocation location(int number) {
    String unique = number == 0 ? nonce : nonce + "-" + number;
    return new ObjectLocation(
        layout.bucket(), layout.dataKey(partition, taskId, unique, extension));
  }
}
