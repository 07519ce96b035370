// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/advisories.md} has only rows that still hold. */
final class AcceptedAdvisoriesTest {
  private static final Path PAGE = Path.of("../docs/advisories.md");

  /**
   * A row of the table.
   *
   * @param artifact {@code group:artifact:version}
   */
  private record Accepted(String advisory, String artifact, String reason, LocalDate until) {
    static List<Accepted> in(String page) {
      List<Accepted> rows = new ArrayList<>();
      for (String line : page.lines().filter(l -> l.matches("\\| (CVE|GHSA)-.*")).toList()) {
        String[] cells = line.split("\\|", -1);
        assertThat(cells).as(line).hasSize(6);
        rows.add(
            new Accepted(
                cells[1].strip(),
                cells[2].strip().replace("`", ""),
                cells[3].strip(),
                LocalDate.parse(cells[4].strip())));
      }
      return rows;
    }

    String jar() {
      String[] coordinates = artifact.split(":", -1);
      return coordinates[1] + "-" + coordinates[2] + ".jar";
    }
  }

  private static void check(List<Accepted> rows, LocalDate today, String classPath) {
    assertThat(rows).isNotEmpty();
    for (Accepted row : rows) {
      assertThat(row.until())
          .as(
              "%s is accepted until %s: update %s, or give a reason why it may stay",
              row.advisory(), row.until(), row.artifact())
          .isAfterOrEqualTo(today)
          .isBefore(today.plusYears(1));
      assertThat(classPath).as("%s: remove its row", row.artifact()).contains(row.jar());
      assertThat(row.reason()).as("reason of %s", row.advisory()).isNotEmpty();
    }
  }

  @Test
  void everyAcceptedAdvisoryIsInForce() throws IOException {
    check(
        Accepted.in(Files.readString(PAGE)),
        LocalDate.now(Clock.systemUTC()),
        String.valueOf(System.getProperty("java.class.path")));
  }

  @Test
  void rowThatIsOverFailsTheBuild() {
    List<Accepted> rows = Accepted.in("| CVE-1-2 | `g:a:1.0` | it is not called | 2026-11-28 |\n");

    check(rows, LocalDate.parse("2026-11-28"), "/x/a-1.0.jar");
    assertThatThrownBy(() -> check(rows, LocalDate.parse("2026-11-29"), "/x/a-1.0.jar"))
        .hasMessageContaining("CVE-1-2 is accepted until 2026-11-28");
    assertThatThrownBy(() -> check(rows, LocalDate.parse("2025-11-28"), "/x/a-1.0.jar"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> check(rows, LocalDate.parse("2026-11-28"), "/x/a-1.1.jar"))
        .hasMessageContaining("g:a:1.0: remove its row");
  }
}
