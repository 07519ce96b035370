// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.Samples;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class MapObjectTest {
  private final MapOutput output = Samples.output(5, 30);
  private final byte[] tail = MapObject.tail(output);
  private final long objectBytes = output.totalBytes() + tail.length;

  @Test
  void tailGivesTheOutputBack() throws ShuffleFormatException {
    assertThat(MapObject.tailBytes(tail, objectBytes, 30)).isEqualTo(tail.length);
    assertThat(MapObject.parse(tail, objectBytes, 30)).isEqualTo(output);
  }

  @Test
  void dataBeforeTheTailDoesNotMatter() throws ShuffleFormatException {
    byte[] more = new byte[tail.length + 100];
    System.arraycopy(tail, 0, more, 100, tail.length);

    assertThat(MapObject.parse(more, objectBytes, 30)).isEqualTo(output);
  }

  @Test
  void objectClippedAnywhereIsRejected() {
    for (int cut = 1; cut <= tail.length; cut++) {
      byte[] clipped = Arrays.copyOf(tail, tail.length - cut);
      long clippedBytes = objectBytes - cut;
      assertThatThrownBy(() -> MapObject.parse(clipped, clippedBytes, 30))
          .as("%d bytes less", cut)
          .isInstanceOf(ShuffleFormatException.class);
    }
  }

  @Test
  void anyFlippedBitIsRejected() {
    for (int bit = 0; bit < tail.length * 8; bit++) {
      byte[] damaged = tail.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> MapObject.parse(damaged, objectBytes, 30))
          .as("bit %d", bit)
          .isInstanceOf(ShuffleFormatException.class);
    }
  }

  @Test
  void indexThatIsTooLongForItsShuffleIsRejectedBeforeItIsRead() {
    assertThatThrownBy(() -> MapObject.tailBytes(tail, objectBytes, 1))
        .isInstanceOf(ShuffleFormatException.class)
        .hasMessageContaining("too many for 1 partitions");
  }

  @Test
  void footerOfAnObjectOfAnotherLengthIsRejected() {
    assertThatThrownBy(() -> MapObject.parse(tail, objectBytes + 1, 30))
        .isInstanceOf(ShuffleFormatException.class)
        .hasMessageContaining("the object has " + (objectBytes + 1) + " bytes instead of");
  }
}
