// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import static java.util.Comparator.comparing;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * The job's result as people read it.
 *
 * @param lines the most frequent language first
 */
public record ResultTable(List<Line> lines) {
  /** One language; absent for pages whose language the crawler did not find. */
  public record Line(Optional<String> language, double percentile, long samples) {}

  /** From the rows of {@link WebCrawlJob#contentLengths} in any order. */
  public static ResultTable of(List<Row> rows) {
    return new ResultTable(
        rows.stream()
            .map(
                row ->
                    new Line(
                        Optional.ofNullable(row.getAs("language")),
                        row.<Number>getAs("90th Percentile ContentLength").doubleValue(),
                        row.<Number>getAs("# of Samples").longValue()))
            .sorted(
                comparing(Line::samples)
                    .reversed()
                    .thenComparing(line -> line.language().orElse("")))
            .toList());
  }

  /** Pages in all lines. */
  public long samples() {
    return lines.stream().mapToLong(Line::samples).sum();
  }

  /** The first lines under a heading, and how many more there are. */
  public String render(int most) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "  %-14s %14s %30s%n",
                "language",
                "# of Samples",
                "90th Percentile ContentLength"));
    for (Line line : lines.subList(0, Math.min(most, lines.size()))) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-14s %,14d %,30.1f%n",
              line.language().orElse("(none)"),
              line.samples(),
              line.percentile()));
    }
    if (lines.size() > most) {
      text.append(String.format(Locale.ROOT, "  ... and %d more%n", lines.size() - most));
    }
    return text.toString();
  }
}
