// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The size of a shuffle: so many megabytes (10^6) of 100-byte records from so many map tasks to so
 * many reduce tasks.
 */
record ShuffleCase(ShuffleJob job, int maps, int reducers, int megabytes) {
  static final List<ShuffleCase> ALL =
      parseAll(
          "rows:20x20:118,sort:20x20:118,rows:100x100:118,sort:100x100:118,"
              + "rows:20x20:1000,sort:20x20:1000,rows:100x100:1000,sort:100x100:1000");

  /**
   * Such as {@code rows:20x20:118,sort:100x100:1000}.
   *
   * @throws IllegalArgumentException when it is not of this form
   */
  static List<ShuffleCase> parseAll(String text) {
    return Arrays.stream(text.split(",", -1)).map(ShuffleCase::parse).toList();
  }

  private static ShuffleCase parse(String text) {
    String[] parts = text.split("[:x]", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          "Invalid case: '" + text + "' (must be like rows:20x20:118)");
    }
    return new ShuffleCase(
        ShuffleJob.valueOf(parts[0].toUpperCase(Locale.ROOT)),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]));
  }

  /** The case that warms a session up: the same with at most 118 MB. */
  ShuffleCase warmUp() {
    return new ShuffleCase(job, maps, reducers, Math.min(megabytes, 118));
  }

  long records() {
    return megabytes * 10_000L;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s, %d x %d, %,d MB", job.title(), maps, reducers, megabytes);
  }
}
