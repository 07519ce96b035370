// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.store.ByteRange;
import org.junit.jupiter.api.Test;

class ReadWindowTest {
  private static final long KIB = 1024;
  private static final long LENGTH = 20 * 1024 * KIB;
  private static final long BUFFER = 64 * KIB;

  private final ReadWindow window = new ReadWindow();

  @Test
  void rangesAreThoseOfTheDocumentedExample() {
    assertThat(ReadWindow.block(LENGTH - 8, LENGTH)).isEqualTo(kib(20_224, 20_480));
    window.recordOtherRead();

    assertThat(window.stream(4_096 * KIB, BUFFER, LENGTH)).isEqualTo(kib(4_096, 4_224));
    assertThat(window.stream(4_224 * KIB, BUFFER, LENGTH)).isEqualTo(kib(4_224, 4_480));
    assertThat(window.stream(4_480 * KIB, BUFFER, LENGTH)).isEqualTo(kib(4_480, 4_992));
    assertThat(window.stream(12_288 * KIB, BUFFER, LENGTH)).isEqualTo(kib(12_288, 12_416));
  }

  @Test
  void firstReadAtTheBeginningStreamsTheWholeObject() {
    assertThat(window.stream(0, BUFFER, LENGTH)).isEqualTo(new ByteRange(0, LENGTH));
  }

  @Test
  void smallObjectIsOneBlock() {
    assertThat(ReadWindow.block(5, 1024 * KIB)).isEqualTo(kib(0, 1024));
    assertThat(ReadWindow.block(5, 1024 * KIB + 1).lengthBytes()).isZero();
  }

  private static ByteRange kib(long start, long end) {
    return new ByteRange(start * KIB, end * KIB);
  }

  @Test
  void partOfALongColumnChunkGetsTheRestToo() {
    ReadWindow window = new ReadWindow();
    window.recordOtherRead();

    assertThat(window.stream(4, ReadWindow.PART_BYTES, 10 << 20))
        .isEqualTo(new ByteRange(4, 10 << 20));
    assertThat(window.stream(4, ReadWindow.PART_BYTES - 1, 10 << 20))
        .isEqualTo(new ByteRange(4, 4 + ReadWindow.PART_BYTES - 1));
  }
}
