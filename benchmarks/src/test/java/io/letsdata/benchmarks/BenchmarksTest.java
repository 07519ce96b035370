// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Benchmarks measure what they say. */
final class BenchmarksTest {
  @Test
  void manifestsOfAllKindsAreReadWhole() throws Exception {
    ManifestParsing benchmark = new ManifestParsing();

    assertThat(benchmark.textList().size()).isEqualTo(ManifestParsing.LIST_KEYS);
    assertThat(benchmark.gzipTextList().equals(benchmark.textList())).isTrue();
    assertThat(benchmark.readSnapshot().files().size()).isEqualTo(ManifestParsing.SNAPSHOT_FILES);
    assertThat(benchmark.writeSnapshot()).isNotEmpty();
  }

  @Test
  void everyMapOutputIsPlannedForOnce() throws Exception {
    ShuffleIndexing benchmark = new ShuffleIndexing();

    assertThat(benchmark.planFetch()).hasSize(ShuffleIndexing.MAPS);
    assertThat(benchmark.decodeOutput().encode()).isEqualTo(benchmark.encodeOutput());
    assertThat(benchmark.buildTable()).isNotEmpty();
  }

  @Test
  void everyBlockIsReadOnce() throws Exception {
    ShuffleReading benchmark = new ShuffleReading();

    assertThat(benchmark.mergeRanges()).hasSize(20);
    assertThat(benchmark.iterateBlocks()).isEqualTo(1_000 * (16 << 10));
    benchmark.close();
  }

  @Test
  void spreadHasTheMiddleOfUnsortedValues() {
    assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(1, 2, 3, 3));
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
  }

  @Test
  void shuffleCasesAreReadFromTheirShortForm() {
    assertThat(ShuffleCase.parseAll("rows:20x30:118,sort:1x2:1000"))
        .containsExactly(
            new ShuffleCase(ShuffleJob.ROWS, 20, 30, 118),
            new ShuffleCase(ShuffleJob.SORT, 1, 2, 1000));
    assertThat(ShuffleCase.parseAll("rows:20x30:118").get(0))
        .hasToString("SQL rows, 20 x 30, 118 MB");
    assertThatThrownBy(() -> ShuffleCase.parseAll("rows:20x30"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid case: 'rows:20x30' (must be like rows:20x20:118)");
  }
}
