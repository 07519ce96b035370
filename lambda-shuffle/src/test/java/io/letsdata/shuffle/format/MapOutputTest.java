// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.Samples;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MapOutputTest {
  private static final int MANY = MapOutputCodec.MAX_PARTITIONS;
  private static final MapOutput SMALL =
      new MapOutput(
          3, 300, "n0nce", new long[] {0, 5, 0, 0, 200}, new int[] {0, 0x01020304, 0, 0, -1});

  @Test
  void encodingOfVersionTwoIsFixed() {
    assertThat(HexFormat.of().formatHex(SMALL.encode()))
        .isEqualTo(
            "02"
                + "03"
                + "ac02"
                + "056e306e6365"
                + "05"
                + "02"
                + "01"
                + "05"
                + "01020304"
                + "02"
                + "c801"
                + "ffffffff");
  }

  @Test
  void decodingInvertsEncoding() throws ShuffleFormatException {
    for (int seed = 0; seed < 200; seed++) {
      MapOutput output = Samples.output(seed, seed % 60);

      assertThat(MapOutput.decode(output.encode(), seed % 60))
          .as("seed %d", seed)
          .isEqualTo(output);
    }
  }

  @Test
  void clippedAtAnyByteIsRejected() {
    byte[] encoded = Samples.output(7, 40).encode();

    for (int length = 0; length < encoded.length; length++) {
      byte[] clipped = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> MapOutput.decode(clipped, 40))
          .as("%d of %d bytes", length, encoded.length)
          .isInstanceOf(ShuffleFormatException.class)
          .hasMessageStartingWith("Cannot read a map output: ");
    }
  }

  @Test
  void bytesAfterTheEndAreRejected() {
    byte[] longer = Arrays.copyOf(SMALL.encode(), SMALL.encode().length + 1);

    assertThatThrownBy(() -> MapOutput.decode(longer, 5))
        .isInstanceOf(ShuffleFormatException.class)
        .hasMessageContaining("1 bytes follow the end");
  }

  @Test
  void anotherVersionIsRejectedByName() {
    byte[] newer = SMALL.encode();
    newer[0] = 3;

    assertThatThrownBy(() -> MapOutput.decode(newer, 5))
        .hasMessageContaining("it has version 3, this reader knows 2");
  }

  @Test
  void randomBytesNeverGiveMoreThanAFormatException() {
    java.util.Random random = new java.util.Random(42);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = SMALL.encode();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        MapOutput.decode(bytes, 5);
      } catch (ShuffleFormatException expected) {
        assertThat(expected).hasMessageStartingWith("Cannot read");
      }
    }
  }

  @Test
  void outputThatClaimsMorePartitionsThanItsShuffleHasIsRejected() {
    byte[] bomb = new MapOutput(3, 300, "n", new long[MANY], new int[MANY]).encode();

    assertThat(bomb).hasSizeLessThan(13);
    assertThatThrownBy(() -> MapOutput.decode(bomb, 5))
        .isInstanceOf(ShuffleFormatException.class)
        .hasMessage(
            "Cannot read a map output of shuffle 3: it has 16777216 partitions, the shuffle has 5.");
  }

  @Test
  void segmentsOfARangeLieBackToBack() {
    assertThat(SMALL.segments(0, 5))
        .containsExactly(new Segment(1, 0, 5, 0x01020304), new Segment(4, 5, 200, -1));
    assertThat(SMALL.segments(2, 5)).containsExactly(new Segment(4, 5, 200, -1));
    assertThat(SMALL.segments(2, 4)).isEqualTo(List.of());
  }

  @Test
  void nonceThatCouldLeaveItsKeyIsRefused() {
    assertThatThrownBy(() -> new MapRef(1, "../x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid nonce: '../x' (must be 1 to 64 letters, digits or underscores)");
  }
}
