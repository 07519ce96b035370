// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
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

  public SlicesReader(
      List<ObjectSlice> slices, Function<ObjectSlice, ManifestPartitionReader<T>> opener) {
    this.left = slices.iterator();
    this.opener = opener;
  }

  @Override
  public boolean next() throws IOException {
    while (true) {
      if (open == null) {
        if (!left.hasNext()) {
          return false;
        }
        open = opener.apply(left.next());
      }
      if (open.next()) {
        return true;
      }
      close();
    }
  }

  @Override
  public T get() {
    return current().get();
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
