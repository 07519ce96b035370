// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.List;

/** Cuts a row of sizes into neighbours of about equal weight. Pure. */
@Internal
public final class MergeGrid {
  private MergeGrid() {}

  /**
   * At most about {@code parts} ranges, each no heavier than {@code most} unless it is one alone.
   *
   * @return first index of each range, and the end of the last
   */
  public static List<Integer> cut(long[] weights, int parts, double most) {
    long total = 0;
    for (long weight : weights) {
      total += weight;
    }
    double target = (double) total / parts;
    List<Integer> bounds = new ArrayList<>(parts + 1);
    bounds.add(0);
    long done = 0;
    long own = 0;
    for (int i = 0; i < weights.length; i++) {
      boolean isFirst = i == bounds.get(bounds.size() - 1);
      boolean full = done + own >= target * bounds.size() || own + weights[i] > most;
      boolean anyLeft = done + own < total;
      if (!isFirst && full && anyLeft) {
        bounds.add(i);
        done += own;
        own = 0;
      }
      own += weights[i];
    }
    bounds.add(weights.length);
    return bounds;
  }
}
