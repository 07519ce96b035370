// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import java.util.List;
import java.util.Locale;

/** Smallest, middle and largest of some measurements. */
record Spread(double min, double median, double max, int count) {
  /**
   * Of at least one value.
   *
   * @throws IllegalArgumentException without a value
   */
  static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Cannot tell the spread of no value");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1], sorted.length);
  }

  /** Three columns of a Markdown table. */
  String columns() {
    return String.format(Locale.ROOT, "%,.1f | %,.1f | %,.1f", min, median, max);
  }

  /** Four columns with two decimals: those and how many. */
  String precise() {
    return String.format(Locale.ROOT, "%.2f | %.2f | %.2f | %d", min, median, max, count);
  }
}
