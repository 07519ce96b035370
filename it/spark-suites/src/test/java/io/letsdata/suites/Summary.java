// SPDX-License-Identifier: Apache-2.0
package io.letsdata.suites;

import io.letsdata.suites.SuiteRun.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The table of all runs of this JVM, written anew after each: {@code spark-suites.md} in the
 * working folder.
 */
final class Summary {
  private final List<String> lines =
      new ArrayList<>(
          List.of(
              "| suite | master | passed | failed | skipped by the suite | listed | seconds |",
              "|---|---|---|---|---|---|---|"));

  void add(Master master, SparkSuite suite, Collection<Outcome> outcomes, int listed) {
    lines.add(
        "| %s | %s | %d | %d | %d | %d | %d |"
            .formatted(
                suite,
                master,
                outcomes.stream().filter(Outcome::passed).count(),
                outcomes.stream().filter(outcome -> outcome.failure() != null).count(),
                outcomes.stream().filter(Outcome::skipped).count(),
                listed,
                outcomes.stream().mapToLong(Outcome::millis).sum() / 1000));
    try {
      Files.write(Path.of("spark-suites.md"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
