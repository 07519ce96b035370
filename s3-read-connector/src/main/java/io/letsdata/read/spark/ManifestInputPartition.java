// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** What one task reads, in this order. Immutable; it is serialized to the worker. */
final class ManifestInputPartition implements InputPartition {
  private static final long serialVersionUID = 1L;

  private final ArrayList<ObjectSlice> slices;

  ManifestInputPartition(List<ObjectSlice> slices) {
    this.slices = new ArrayList<>(slices);
  }

  List<ObjectSlice> slices() {
    return slices;
  }
}
