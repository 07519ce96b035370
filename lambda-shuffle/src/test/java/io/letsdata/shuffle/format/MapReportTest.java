// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class MapReportTest {
  private static final MapOutput OUTPUT =
      new MapOutput(3, 7, "abc", new long[] {0, 2, 1}, new int[] {0, 5, 6});
  private static final MapReport INLINE = MapReport.inline(OUTPUT, new byte[] {10, 11, 12});

  @Test
  void decodingInvertsEncoding() throws ShuffleFormatException {
    MapReport inline = MapReport.decode(INLINE.encode(), id -> 3);
    MapReport stored = MapReport.decode(MapReport.stored(OUTPUT).encode(), id -> 3);

    assertThat(inline.output()).isEqualTo(OUTPUT);
    assertThat(inline.inline()).contains(new byte[] {10, 11, 12});
    assertThat(stored.output()).isEqualTo(OUTPUT);
    assertThat(stored.inline()).isEmpty();
  }

  @Test
  void bytesAreThoseOfTheSpecification() {
    assertThat(HexFormat.of().formatHex(INLINE.encode()))
        .isEqualTo(
            "0101" + "15" + "02030703616263" + "0302" + "010200000005" + "000100000006" + "0a0b0c");
  }

  @Test
  void reportClippedAnywhereOrTooLongIsRejected() {
    byte[] bytes = INLINE.encode();

    for (int length = 0; length < bytes.length; length++) {
      byte[] clipped = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> MapReport.decode(clipped, id -> 3))
          .as("%d of %d bytes", length, bytes.length)
          .isInstanceOf(ShuffleFormatException.class);
    }
    assertThatThrownBy(() -> MapReport.decode(Arrays.copyOf(bytes, bytes.length + 1), id -> 3))
        .isInstanceOf(ShuffleFormatException.class);
  }

  @Test
  void segmentsThatContradictTheIndexAreRefused() {
    assertThatThrownBy(() -> MapReport.inline(OUTPUT, new byte[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it carries 2 bytes");
  }
}
