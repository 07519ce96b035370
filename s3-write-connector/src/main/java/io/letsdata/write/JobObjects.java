// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.store.ObjectLocation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that a job's task outputs are complete and puts their objects in order. Pure. */
final class JobObjects {
  private JobObjects() {}

  /**
   * Lists the objects of a job.
   *
   * <p>Every partition must have exactly one output, and no object may be named twice.
   *
   * @param outputs one per partition, in any order
   * @param partitions number of partitions of the write stage
   * @return objects in the order of partitions, and within a partition in the order of writing
   * @throws IllegalStateException when an output is missing, arrived twice, or is beyond {@code
   *     partitions}
   */
  static List<TaskObject> inOrder(List<? extends @Nullable TaskOutput> outputs, int partitions) {
    TaskOutput[] byPartition = new TaskOutput[partitions];
    for (TaskOutput output : outputs) {
      if (output == null) {
        continue;
      }
      if (output.partition() >= partitions) {
        throw new IllegalStateException(
            "Cannot commit: an output of partition "
                + output.partition()
                + " arrived, of "
                + partitions);
      }
      if (byPartition[output.partition()] != null) {
        throw new IllegalStateException(
            "Cannot commit: two outputs of partition " + output.partition() + " arrived.");
      }
      byPartition[output.partition()] = output;
    }
    List<TaskObject> objects = new ArrayList<>();
    Set<ObjectLocation> seen = new HashSet<>();
    for (int partition = 0; partition < partitions; partition++) {
      TaskOutput output = byPartition[partition];
      if (output == null) {
        throw new IllegalStateException(
            "Cannot commit: no output of partition "
                + partition
                + " of "
                + partitions
                + " arrived.");
      }
      for (TaskObject object : output.objects()) {
        if (!seen.add(object.location())) {
          throw new IllegalStateException(
              "Cannot commit: " + object.location() + " is named twice.");
        }
        objects.add(object);
      }
    }
    return objects;
  }

  /** The manifest's entry of a stored object. */
  static ManifestEntry file(TaskObject object, String etag) {
    return object
        .facts()
        .addTo(
            ManifestEntry.pinned(
                object.location().toString(),
                object.lengthBytes(),
                etag,
                OptionalLong.of(object.rows())));
  }
}
