// SPDX-License-Identifier: Apache-2.0
package io.letsdata.suites;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A test of Spark that cannot hold on a master, of {@code differences.txt}. A line of it is {@code
 * MASTER | SUITE | test | reason}.
 *
 * @param reason in the words of a user: how the master differs from a local one
 */
record Difference(Master master, SparkSuite suite, String test, String reason) {
  static List<Difference> all() {
    return lines("differences.txt").stream()
        .map(cells -> new Difference(master(cells), suite(cells), cells.get(2), cells.get(3)))
        .toList();
  }

  private static Master master(List<String> cells) {
    return Master.valueOf(cells.get(0));
  }

  private static SparkSuite suite(List<String> cells) {
    return SparkSuite.valueOf(cells.get(1));
  }

  boolean concerns(Master where, SparkSuite which) {
    return master == where && suite == which;
  }

  /** The cells of each line of a resource; comments and empty lines are passed over. */
  static List<List<String>> lines(String resource) {
    try (InputStream in =
        Objects.requireNonNull(Difference.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> List.of(line.split(" \\| ", -1)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
