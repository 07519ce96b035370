// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.webcrawl.ResultTable.Line;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  private final ResultTable table =
      new ResultTable(
          List.of(
              new Line(Optional.of("eng"), 8123.45, 18000),
              new Line(Optional.empty(), 99, 12),
              new Line(Optional.of("jpn,eng"), 7, 1)));

  @Test
  void everyLineIsShownWithItsLanguage() {
    assertThat(table.render(10))
        .contains("language", "# of Samples", "90th Percentile ContentLength")
        .contains("eng                    18,000                        8,123.5")
        .contains("(none)", "jpn,eng")
        .doesNotContain("more");
  }

  @Test
  void linesLeftOutAreCounted() {
    assertThat(table.render(1)).endsWith("  ... and 2 more" + System.lineSeparator());
  }

  @Test
  void samplesAreAddedUp() {
    assertThat(table.samples()).isEqualTo(18013);
  }
}
