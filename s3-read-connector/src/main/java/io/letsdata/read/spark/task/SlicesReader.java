// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.options.Internal;
import io.letsdata.read.errors.TaskErrors;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads the slices of a task one after the other; one decoder is open at a time.
 *
 * @param <T> rows or batches
 */
@Internal
public final class SlicesReader<T> implements PartitionReader<T> {
  private final Iterator<ObjectSlice> left;
  private final Function<ObjectSlice, ManifestPartitionReader<T>> opener;
  private final Map<String, Long> finished = new LinkedHashMap<>();
  private @Nullable ManifestPartitionReader<T> open;

  private final long limit;
  private final TaskErrors errors;
  private long rows;

  /**
   * Makes no request yet.
   *
   * @param partition a {@link ManifestInputPartition}
   * @param errors bad records of the task; they are stored when all slices are read
   * @param opener makes the reader of a slice; it makes requests when it is read
   */
  public SlicesReader(
      InputPartition partition,
      TaskErrors errors,
      Function<ObjectSlice, ManifestPartitionReader<T>> opener) {
    this.errors = errors;
    ManifestInputPartition task = (ManifestInputPartition) partition;
    this.left = task.slices().iterator();
    this.limit = task.limit();
    this.opener = opener;
  }

  /**
   * The bad records of a task.
   *
   * @param budget null when none are wanted
   */
  public static TaskErrors errors(@Nullable ErrorBudget budget, InputPartition partition) {
    return budget == null ? TaskErrors.NONE : budget.ofTask(partition);
  }

  @Override
  public boolean next() throws IOException {
    while (rows < limit) {
      if (open == null) {
        if (!left.hasNext()) {
          errors.finish(rows);
          return false;
        }
        open = opener.apply(left.next());
      }
      if (open.next()) {
        return true;
      }
      close();
    }
    return false;
  }

  @Override
  public T get() {
    T value = current().get(); // once a row: some decoders move on in it (Avro, aggregates)
    rows += value instanceof ColumnarBatch batch ? batch.numRows() : 1;
    return value;
  }

  /** The reader of the slice that the last row is from. */
  public ManifestPartitionReader<T> current() {
    if (open == null) {
      throw new IllegalStateException("get before next");
    }
    return open;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    Map<String, Long> sums = new LinkedHashMap<>(finished);
    if (open != null) {
      add(open.currentMetricsValues(), sums);
    }
    sums.put(ReadMetrics.RECORDS, rows);
    sums.put(ReadMetrics.ERRORS, errors.count());
    return sums.entrySet().stream()
        .map(sum -> ReadMetrics.value(sum.getKey(), sum.getValue()))
        .toArray(CustomTaskMetric[]::new);
  }

  private static void add(CustomTaskMetric[] values, Map<String, Long> sums) {
    Arrays.stream(values).forEach(value -> sums.merge(value.name(), value.value(), Long::sum));
  }

  @Override
  public void close() throws IOException {
    ManifestPartitionReader<T> old = open;
    open = null;
    if (old != null) {
      add(old.currentMetricsValues(), finished);
      old.close();
    }
  }
}
