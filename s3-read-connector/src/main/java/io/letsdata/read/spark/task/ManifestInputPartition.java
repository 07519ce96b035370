// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.HasPartitionKey;
import org.apache.spark.sql.connector.read.InputPartition;

/** The input of one task, in its order. Immutable; it is serialized to the worker. */
@Internal
public final class ManifestInputPartition implements InputPartition, HasPartitionKey {
  private static final long serialVersionUID = 1L;

  private final ArrayList<ObjectSlice> slices;

  private final int number;
  private final InternalRow key;
  private final long limit;

  /**
   * The input of one task.
   *
   * @param number of the task in its scan, from 0
   * @param key values of the columns by which Spark groups tasks; empty when it does not
   * @param limit rows after which the task may stop
   */
  public ManifestInputPartition(
      int number, List<ObjectSlice> slices, InternalRow key, OptionalLong limit) {
    this.number = number;
    this.slices = new ArrayList<>(slices);
    this.key = key;
    this.limit = limit.orElse(Long.MAX_VALUE);
  }

  @Override
  public InternalRow partitionKey() {
    return key;
  }

  int number() {
    return number;
  }

  /** Rows after which the task may stop. */
  long limit() {
    return limit;
  }

  public List<ObjectSlice> slices() {
    return slices;
  }
}
