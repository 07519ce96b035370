// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** What one task reads, in this order. Immutable; it is serialized to the worker. */
@Internal
public final class ManifestInputPartition implements InputPartition {
  private static final long serialVersionUID = 1L;

  private final ArrayList<ObjectSlice> slices;

  public ManifestInputPartition(List<ObjectSlice> slices) {
    this.slices = new ArrayList<>(slices);
  }

  public List<ObjectSlice> slices() {
    return slices;
  }
}
