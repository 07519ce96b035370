// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.warc.WarcFixture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarcRecordsTest {
  private static final String TRAP = "a body\r\n\r\nthat holds the trailer\r\n\r\nWARC/1.0\n";

  @Test
  void readsEveryRecordOfPlainAndGzip() throws Exception {
    WarcFixture file =
        new WarcFixture().warcinfo().conversion(1, "eng", "one\n").conversion(2, "jpn,eng", TRAP);

    for (byte[] bytes : List.of(file.plain(), file.gzip(), WarcFixture.gzip(file.plain()))) {
      assertThat(contents(bytes)).containsExactly("Warcinfo-Text: x\r\n", "one\n", TRAP);
    }
  }

  @Test
  void lineEndsMayBeLf() throws Exception {
    WarcFixture file =
        new WarcFixture().withLfLineEnds().conversion(1, "eng", "one\n").conversion(2, "", "");

    assertThat(contents(file.plain())).containsExactly("one\n", "");
  }

  @Test
  void blockThatIsNotRequestedIsSkipped() throws Exception {
    WarcFixture file = new WarcFixture();
    for (int i = 0; i < 50; i++) {
      file.conversion(i, "eng", "x".repeat(i * 5000));
    }

    try (WarcRecords records = new WarcRecords(new ByteArrayInputStream(file.gzip()))) {
      int count = 0;
      while (records.next()) {
        assertThat(records.headers().first("WARC-Target-URI"))
            .hasValue("https://example.org/" + count);
        if (count % 7 == 0) {
          assertThat(records.peek(10)).hasSize(Math.min(10, count * 5000));
          assertThat(records.content()).hasSize(count * 5000);
        }
        count++;
      }
      assertThat(count).isEqualTo(50);
    }
  }

  @Test
  void offsetIsTheByteWhereTheRecordBegins() throws Exception {
    WarcFixture file =
        new WarcFixture().warcinfo().conversion(1, "eng", "one\n").conversion(2, "", "two");
    long[] plain = {0, 0, 0};
    long[] gzip = {0, 0, 0};
    for (int i = 1; i < 3; i++) {
      WarcFixture before = new WarcFixture().warcinfo();
      if (i == 2) {
        before.conversion(1, "eng", "one\n");
      }
      plain[i] = before.plain().length;
      gzip[i] = before.gzip().length;
    }

    assertThat(offsets(file.plain())).containsExactly(plain[0], plain[1], plain[2]);
    assertThat(offsets(file.gzip())).containsExactly(gzip[0], gzip[1], gzip[2]);
    assertThat(offsets(WarcFixture.gzip(file.plain()))).containsExactly(0L, 0L, 0L);
  }

  /** The begin of a record, then {@code repeated} without end; counts the bytes. */
  private static final class Endless extends InputStream {
    private final byte[] begin = "WARC/1.0\r\nWARC-Type: resource\r\n".getBytes(US_ASCII);
    private final byte[] repeated;
    private long count;

    Endless(String repeated) {
      this.repeated = repeated.getBytes(US_ASCII);
    }

    @Override
    public int read() {
      int next =
          count < begin.length
              ? begin[(int) count]
              : repeated[(int) ((count - begin.length) % repeated.length)];
      count++;
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      for (int i = 0; i < length; i++) {
        target[offset + i] = (byte) read();
      }
      return length;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X: y\r\n", "X", "X: y\r\n z"})
  void headerWithoutEndIsRejectedAfterAMebibyte(String repeated) throws Exception {
    Endless source = new Endless(repeated);
    try (WarcRecords records = new WarcRecords(source)) {
      assertThatThrownBy(records::next)
          .isInstanceOf(IOException.class)
          .hasMessage(
              "in the record that begins at byte 0, its header is longer than 1048576 bytes");
    }
    assertThat(source.count).isLessThan(2 * WarcRecords.MAX_HEADER_BYTES);
  }

  @Test
  void headerBelowTheLimitAndLongBlockAreRead() throws Exception {
    String long1 = "x".repeat(WarcRecords.MAX_HEADER_BYTES - 1000);
    String record =
        "WARC/1.0\r\nWARC-Type: resource\r\nX: %s\r\nContent-Length: 3000000\r\n\r\n%s\r\n\r\n"
            .formatted(long1, "b".repeat(3_000_000));
    byte[] bytes = (record + record).getBytes(US_ASCII);

    assertThat(contents(bytes)).hasSize(2).allMatch(block -> block.length() == 3_000_000);
    assertThat(contents(WarcFixture.gzip(bytes))).hasSize(2);
  }

  @Test
  void emptyObjectHasNoRecords() throws Exception {
    assertThat(contents(new byte[0])).isEmpty();
  }

  @Test
  void prefixOfAnyLengthIsRejectedUnlessItEndsBetweenRecords() throws Exception {
    WarcFixture file =
        new WarcFixture().warcinfo().conversion(1, "eng", "one\n").conversion(2, "", "two");
    for (byte[] whole : List.of(file.plain(), file.gzip())) {
      List<Long> ends = new ArrayList<>(offsets(whole));
      for (int length = 1; length < whole.length; length++) {
        byte[] clipped = Arrays.copyOf(whole, length);
        if (ends.contains((long) length)) {
          assertThat(contents(clipped)).hasSizeLessThan(3);
        } else {
          assertThatThrownBy(() -> contents(clipped))
              .as("clipped to %d of %d bytes", length, whole.length)
              .isInstanceOf(IOException.class)
              .hasMessageContaining("begins at byte");
        }
      }
    }
  }

  @Test
  void flippedBitInGzipNeverChangesARecord() throws Exception {
    String text = "some words to compress, words, words";
    byte[] whole = new WarcFixture().conversion(1, "eng", text).gzip();
    long seed = Long.getLong("letsdata.test.seed", System.nanoTime());
    System.out.println("-Dletsdata.test.seed=" + seed);
    Random random = new Random(seed);
    int headerBytes = 10;
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] damaged = whole.clone();
      int at = headerBytes + random.nextInt(whole.length - headerBytes);
      damaged[at] ^= (byte) (1 << random.nextInt(8));

      try {
        // Bits that pad the last deflate block to a byte mean nothing.
        assertThat(contents(damaged)).as("seed %d, byte %d", seed, at).containsExactly(text);
      } catch (IOException e) {
        assertThat(e).as("seed %d, byte %d", seed, at).hasMessageContaining("begins at byte 0");
        refused++;
      }
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(450);
  }

  @Test
  void messageForWrongContentLengthHasTheByteOfTheRecord() {
    byte[] first = new WarcFixture().warcinfo().plain();
    byte[] bytes =
        (new String(first, UTF_8)
                + "WARC/1.0\r\nWARC-Type: x\r\nContent-Length: 3\r\n\r\nabcdef\r\n\r\n")
            .getBytes(UTF_8);

    assertThatThrownBy(() -> contents(bytes))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "in the record that begins at byte %d, its block of 3 bytes is not followed by two line ends",
            first.length);
  }

  @Test
  void inputThatIsNotWarcIsRejected() {
    assertThatThrownBy(() -> contents("{\"a\":1}\n".repeat(10).getBytes(UTF_8)))
        .hasMessageContaining("byte 0, its header is not WARC");
    assertThatThrownBy(() -> contents("WARC/1.0\r\nWARC-Type: x\r\n\r\n".getBytes(UTF_8)))
        .hasMessageContaining("its Content-Length is []");
    assertThatThrownBy(() -> contents("WARC/1.0\r\nContent-Length: -1\r\n\r\n".getBytes(UTF_8)))
        .hasMessageContaining("its Content-Length is [-1]");
    assertThatThrownBy(() -> contents(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd}))
        .hasMessageContaining("the zstd frame that begins at byte 0 ends early");
    assertThatThrownBy(() -> contents(WarcFixture.gzip("hello".getBytes(UTF_8))))
        .hasMessageContaining("byte 0");
  }

  @Test
  void hugeContentLengthAllocatesNoMemory() {
    byte[] bytes = "WARC/1.0\r\nContent-Length: 200000000\r\n\r\nabc".getBytes(UTF_8);

    assertThatThrownBy(() -> contents(bytes))
        .hasMessageContaining("the object ends in its block of 200000000 bytes");
  }

  @Test
  void readsFromASourceThatGivesAByteAtATime() throws Exception {
    byte[] bytes = new WarcFixture().warcinfo().conversion(1, "eng", TRAP).gzip();
    InputStream slow =
        new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(1, length));
          }
        };

    assertThat(contents(slow)).containsExactly("Warcinfo-Text: x\r\n", TRAP);
  }

  private static List<String> contents(byte[] bytes) throws IOException {
    return contents(new ByteArrayInputStream(bytes));
  }

  private static List<String> contents(InputStream in) throws IOException {
    List<String> contents = new ArrayList<>();
    try (WarcRecords records = new WarcRecords(in)) {
      while (records.next()) {
        contents.add(new String(records.content(), UTF_8));
      }
    }
    return contents;
  }

  private static List<Long> offsets(byte[] bytes) throws IOException {
    List<Long> offsets = new ArrayList<>();
    try (WarcRecords records = new WarcRecords(new ByteArrayInputStream(bytes))) {
      while (records.next()) {
        offsets.add(records.offset());
      }
    }
    return offsets;
  }
}
