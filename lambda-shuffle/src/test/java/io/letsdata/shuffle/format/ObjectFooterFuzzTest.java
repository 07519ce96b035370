// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.letsdata.shuffle.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes end with the index and the footer of a shuffle object, or are a ShuffleFormatException.
 * Lengths and checksums are made right first: random bytes would not pass them, and who writes an
 * object on purpose can.
 */
class ObjectFooterFuzzTest {
  private static final int PARTITIONS = 4;

  static Stream<byte[]> objects() {
    MapOutput output = Samples.output(1, PARTITIONS);
    MergedObject merged =
        new MergedObject(
            3,
            "abc",
            0,
            2,
            List.of(new MapRef(0, "a"), new MapRef(1, "b")),
            List.of(
                new MergedObject.Entry(0, 0, 1, MapObject.crc32c(new byte[1], 0, 1)),
                new MergedObject.Entry(1, 1, 1, MapObject.crc32c(new byte[1], 0, 1))));
    return Stream.of(
        whole(Math.toIntExact(output.totalBytes()), MapObject.tail(output)),
        whole(2, merged.tail()));
  }

  private static byte[] whole(int dataBytes, byte[] tail) {
    return new ByteSink(dataBytes + tail.length).raw(new byte[dataBytes]).raw(tail).toByteArray();
  }

  @MethodSource("objects")
  @FuzzTest
  void anyBytesAreObjectOrShuffleFormatException(byte[] bytes) {
    byte[] object = withFooter(bytes);
    try {
      assertThat(MapObject.parse(object, object.length, PARTITIONS).lengths()).hasSize(PARTITIONS);
    } catch (ShuffleFormatException e) {
      assertThat(e).hasMessageStartingWith("Cannot read ");
    }
    try {
      assertThat(MergedObject.parse(object).entries()).isNotNull();
    } catch (ShuffleFormatException e) {
      assertThat(e).hasMessageStartingWith("Cannot read ");
    }
  }

  private static byte[] withFooter(byte[] bytes) {
    int footer = bytes.length - MapObject.FOOTER_BYTES;
    if (footer < 0) {
      return bytes;
    }
    byte[] object = bytes.clone();
    int indexBytes = Math.min(footer, object[footer + 11] & 0xFF);
    int index = footer - indexBytes;
    ByteSink head = new ByteSink(32).u64(index).u32(indexBytes);
    head.u32(MapObject.crc32c(object, index, indexBytes));
    head.raw(Arrays.copyOfRange(object, footer + 16, footer + 20));
    head.u32(MapObject.crc32c(head.toByteArray(), 0, head.size()));
    System.arraycopy(head.toByteArray(), 0, object, footer, head.size());
    return object;
  }
}
