// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.driver.MergeGrid;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class MergeJobTest {
  private static final MergeJob JOB =
      new MergeJob(3, "abc", 130, 140, List.of(new MapRef(7, "x"), new MapRef(300, "yz")), 1_000);
  private static final MergeReport REPORT =
      new MergeReport(3, "abc", new long[] {0, 300, 0, 5, Integer.MAX_VALUE});

  @Test
  void goldenBytes() {
    assertThat(HexFormat.of().formatHex(JOB.encode()))
        .isEqualTo("010303616263" + "82010a" + "e807" + "02" + "070178" + "ac0202797a");
    assertThat(HexFormat.of().formatHex(REPORT.encode()))
        .isEqualTo("010303616263" + "05" + "00ac020005" + "ffffffff07");
  }

  @Test
  void roundTripsAndEveryPrefixIsRejected() throws ShuffleFormatException {
    assertThat(MergeJob.decode(JOB.encode())).isEqualTo(JOB);
    assertThat(MergeReport.decode(REPORT.encode())).isEqualTo(REPORT);
    for (int length = 0; length < JOB.encode().length; length++) {
      byte[] clipped = Arrays.copyOf(JOB.encode(), length);
      assertThatThrownBy(() -> MergeJob.decode(clipped)).isInstanceOf(ShuffleFormatException.class);
    }
    for (int length = 0; length < REPORT.encode().length; length++) {
      byte[] clipped = Arrays.copyOf(REPORT.encode(), length);
      assertThatThrownBy(() -> MergeReport.decode(clipped))
          .isInstanceOf(ShuffleFormatException.class);
    }
  }

  @Test
  void jobWithoutMembersOrPartitionsCannotBe() {
    assertThatThrownBy(() -> new MergeJob(3, "abc", 5, 5, JOB.members(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("partitions [5, 5)");
    assertThatThrownBy(() -> new MergeJob(3, "abc", 5, 6, List.of(), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rowsAreCutIntoNeighboursOfAboutEqualWeight() {
    long[] even = LongStream.generate(() -> 10).limit(20).toArray();

    assertThat(MergeGrid.cut(even, 2, 1_000)).containsExactly(0, 10, 20);
    assertThat(MergeGrid.cut(even, 3, 1_000)).containsExactly(0, 7, 14, 20);
    assertThat(MergeGrid.cut(even, 1, 50)).containsExactly(0, 5, 10, 15, 20);
    assertThat(MergeGrid.cut(new long[] {1, 100, 1, 1}, 2, 60)).containsExactly(0, 1, 2, 4);
    assertThat(MergeGrid.cut(new long[] {5}, 4, 60)).containsExactly(0, 1);
  }

  @Test
  void weightlessRestIsNoRangeOfItsOwn() {
    assertThat(MergeGrid.cut(new long[] {5, 5, 0, 0}, 1, 60)).containsExactly(0, 4);
    assertThat(MergeGrid.cut(new long[] {5, 5, 0, 0}, 2, 60)).containsExactly(0, 1, 4);
    assertThat(MergeGrid.cut(new long[] {0, 5, 0, 5}, 2, 60)).containsExactly(0, 2, 4);
    assertThat(MergeGrid.cut(new long[] {0, 0}, 1, 60)).containsExactly(0, 2);
  }
}
