// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.protocol.RunKey;
import io.letsdata.shuffle.format.MapRef;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SegmentSealTest {
  private static final int BLOCK = SegmentSeal.BLOCK_BYTES;
  private static final int SEALED_BLOCK = BLOCK + SegmentSeal.CODE_BYTES;
  private static final RunKey KEY = RunKey.random();
  private static final MapRef MAP = new MapRef(7, "abc");
  private static final SegmentSeal SEAL = new SegmentSeal(KEY, 3);

  /** Made by another program, from the paper. */
  private static final String GOLDEN_CODE = "77587fa24748332f8487602572c712b3";

  @Test
  void goldenBytes() throws IOException {
    RunKey zeros = new RunKey(Base64.getEncoder().encodeToString(new byte[16]));
    byte[] content = "content".getBytes(StandardCharsets.US_ASCII);

    byte[] sealed = seal(new SegmentSeal(zeros, 3), MAP, 5, content, content.length);

    assertThat(HexFormat.of().formatHex(sealed)).isEqualTo("636f6e74656e74" + GOLDEN_CODE);
  }

  @Test
  void openingInvertsSealingWhateverTheSizesOfWritesAndReads() throws IOException {
    for (int size : new int[] {1, 15, 16, 17, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 200_000}) {
      byte[] content = random(size);
      for (int step : new int[] {1, 1_000, 65_536, 1_000_000}) {
        if (size / step < 70_000) {
          byte[] sealed = seal(SEAL, MAP, 5, content, step);

          assertThat(sealed).hasSize(Math.toIntExact(SegmentSeal.sealedBytes(size)));
          assertThat(SegmentSeal.contentBytes(sealed.length)).isEqualTo(size);
          try (InputStream opened = open(SEAL, MAP, 5, sealed)) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            byte[] some = new byte[step];
            for (int count = opened.read(some); count >= 0; count = opened.read(some)) {
              read.write(some, 0, count);
            }
            assertThat(read.toByteArray()).isEqualTo(content);
          }
        }
      }
    }
  }

  @Test
  void segmentWithoutContentStaysEmpty() throws IOException {
    assertThat(seal(SEAL, MAP, 5, new byte[0], 1)).isEmpty();
    assertThat(SegmentSeal.sealedBytes(0)).isZero();
    assertThat(SegmentSeal.contentBytes(0)).isZero();
  }

  @Test
  void sameContentOfOneExecutionGivesTheSameBytes() throws IOException {
    byte[] content = random(100_000);

    assertThat(seal(SEAL, MAP, 5, content, 999))
        .isEqualTo(seal(new SegmentSeal(KEY, 3), MAP, 5, content, 100_000));
  }

  @Test
  void segmentOfAnotherPlaceOrApplicationIsRefused() throws IOException {
    byte[] sealed = seal(SEAL, MAP, 5, random(100), 100);

    assertRefused(new SegmentSeal(RunKey.random(), 3), MAP, 5, sealed);
    assertRefused(new SegmentSeal(KEY, 4), MAP, 5, sealed);
    assertRefused(SEAL, new MapRef(8, "abc"), 5, sealed);
    assertRefused(SEAL, new MapRef(7, "abd"), 5, sealed);
    assertRefused(SEAL, MAP, 6, sealed);
  }

  @Test
  void anyFlippedBitIsRefused() throws IOException {
    byte[] sealed = seal(SEAL, MAP, 5, random(40), 40);

    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] damaged = sealed.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(SEAL, MAP, 5, damaged);
    }
  }

  @Test
  void segmentCutAnywhereIsRefused() throws IOException {
    byte[] small = seal(SEAL, MAP, 5, random(40), 40);
    for (int length = 1; length < small.length; length++) {
      assertRefused(SEAL, MAP, 5, Arrays.copyOf(small, length));
    }
    byte[] blocks = seal(SEAL, MAP, 5, random(3 * BLOCK), BLOCK);
    assertRefused(SEAL, MAP, 5, Arrays.copyOf(blocks, 2 * SEALED_BLOCK));
  }

  @Test
  void blocksThatChangePlacesAreRefused() throws IOException {
    byte[] sealed = seal(SEAL, MAP, 5, random(3 * BLOCK), BLOCK);
    byte[] swapped = sealed.clone();
    System.arraycopy(sealed, 0, swapped, SEALED_BLOCK, SEALED_BLOCK);
    System.arraycopy(sealed, SEALED_BLOCK, swapped, 0, SEALED_BLOCK);
    byte[] joined = Arrays.copyOf(sealed, 4 * SEALED_BLOCK); // the first one after the last
    System.arraycopy(sealed, 0, joined, 3 * SEALED_BLOCK, SEALED_BLOCK);

    assertRefused(SEAL, MAP, 5, swapped);
    assertRefused(SEAL, MAP, 5, joined);
  }

  @Test
  void noByteOfAWrongBlockIsGiven() throws IOException {
    byte[] content = random(2 * BLOCK);
    byte[] sealed = seal(SEAL, MAP, 5, content, BLOCK);
    sealed[2 * SEALED_BLOCK - 1] ^= 1; // the last byte of all

    try (ByteArrayOutputStream given = new ByteArrayOutputStream()) {
      InputStream opened = open(SEAL, MAP, 5, sealed);
      assertThatThrownBy(() -> opened.transferTo(given)).hasMessageContaining("did not store it");
      assertThat(given.toByteArray()).isEqualTo(Arrays.copyOf(content, BLOCK));
      assertThatThrownBy(opened::read).hasMessageContaining("did not store it");
      assertThatThrownBy(opened::close).hasMessageContaining("did not store it");
    }
  }

  @Test
  void streamThatIsClosedEarlyDoesNotLookLikeTheEnd() throws IOException {
    InputStream opened = open(SEAL, MAP, 5, seal(SEAL, MAP, 5, random(100), 100));
    assertThat(opened.read()).isNotNegative();

    opened.close();

    assertThatThrownBy(opened::read).hasMessageContaining("the stream is closed");
  }

  @Test
  void sealNeedsAKey() {
    assertThatThrownBy(() -> new SegmentSeal(RunKey.NONE, 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("there is no key");
  }

  @Test
  void lengthsOfManyAreThoseOfEach() {
    for (long size : List.of(1L, 65_536L, 65_537L, 5L << 40)) {
      assertThat(SegmentSeal.contentBytes(new long[] {SegmentSeal.sealedBytes(size), 0}))
          .containsExactly(size, 0);
    }
    assertThat(SegmentSeal.sealedBytes(100_000)).isEqualTo(100_032);
    assertThat(SegmentSeal.contentBytes(16)).isZero();
  }

  private static void assertRefused(SegmentSeal seal, MapRef map, int partition, byte[] sealed) {
    assertThatThrownBy(() -> open(seal, map, partition, sealed).readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("this application did not store it");
  }

  private static InputStream open(SegmentSeal seal, MapRef map, int partition, byte[] sealed) {
    return seal.opening(
        map, partition, sealed.length, new ByteArrayInputStream(sealed), IOException::new);
  }

  private static byte[] seal(
      SegmentSeal seal, MapRef map, int partition, byte[] content, int writeBytes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SealingStream sealing = seal.sealing(map, partition, bytes)) {
      for (int from = 0; from < content.length; from += writeBytes) {
        sealing.write(content, from, Math.min(writeBytes, content.length - from));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
