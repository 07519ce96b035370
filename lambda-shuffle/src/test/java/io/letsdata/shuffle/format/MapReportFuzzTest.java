// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.letsdata.shuffle.Samples;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are a map report of a shuffle, or a ShuffleFormatException. */
class MapReportFuzzTest {
  private static final int PARTITIONS = 4;

  static Stream<byte[]> reports() {
    MapOutput output = Samples.output(1, PARTITIONS);
    byte[] segments = new byte[Math.toIntExact(output.totalBytes())];
    return Stream.of(
        MapReport.stored(output).encode(), MapReport.inline(output, segments).encode());
  }

  @MethodSource("reports")
  @FuzzTest
  void anyBytesAreReportOrShuffleFormatException(byte[] bytes) throws ShuffleFormatException {
    MapReport report;
    try {
      report = MapReport.decode(bytes, shuffle -> PARTITIONS);
    } catch (ShuffleFormatException e) {
      assertThat(e).hasMessageStartingWith("Cannot read ");
      return;
    }

    MapReport again = MapReport.decode(report.encode(), shuffle -> PARTITIONS);
    assertThat(again.encode()).isEqualTo(report.encode());
  }
}
