// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.warc.WarcFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects that other tools read although they deviate from the standard, and damaged ones. */
class DamagedWarcTest {
  private static final String ONE = record("WARC/1.0", "one", "");
  private static final String TWO = record("WARC/1.0", "two", "");

  private static String record(String version, String block, String line) {
    return version
        + "\r\nWARC-Type: resource\r\nContent-Length: "
        + block.length()
        + "\r\n"
        + line
        + "\r\n"
        + block
        + "\r\n\r\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] gzip(String text) {
    return WarcFixture.gzip(bytes(text));
  }

  static List<Arguments> deviations() {
    return List.of(
        Arguments.of("a third line end in each gzip member", join(gzip(ONE + "\r\n"), gzip(TWO))),
        Arguments.of("one line end", bytes(ONE.substring(0, ONE.length() - 2) + TWO)),
        Arguments.of("no line end", bytes(ONE.substring(0, ONE.length() - 4) + TWO)),
        Arguments.of("three line ends", bytes(ONE + "\r\n" + TWO)),
        Arguments.of("no end of the last record", bytes(ONE + TWO.substring(0, TWO.length() - 4))),
        Arguments.of("zeros after the last member", join(gzip(ONE), gzip(TWO), new byte[500])),
        Arguments.of("zeros between members", join(gzip(ONE), new byte[70_000], gzip(TWO))),
        Arguments.of("a member of a line end", join(gzip(ONE), gzip("\r\n"), gzip(TWO))),
        Arguments.of(
            "a line without a colon", bytes(ONE + record("WARC/1.0", "two", "a note\r\n"))),
        Arguments.of("a blank after the version", bytes(ONE + record("WARC/1.0 ", "two", ""))),
        Arguments.of("a line end before the first record", bytes("\r\n" + ONE + TWO)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deviations")
  void deviationIsRefusedUnlessTheModeAcceptsAndCountsIt(String name, byte[] object)
      throws Exception {
    assertThatThrownBy(() -> read(object, WarcOptions.Mode.FAILFAST))
        .isInstanceOf(DamagedRecord.class);

    for (WarcOptions.Mode mode :
        List.of(WarcOptions.Mode.PERMISSIVE, WarcOptions.Mode.DROPMALFORMED)) {
      Result result = read(object, mode);
      assertThat(result.blocks()).containsExactly("one", "two");
      assertThat(result.faults().accepted()).isEqualTo(1);
      assertThat(result.faults().leftOut()).isZero();
      assertThat(result.faults().summary()).startsWith("accepted 1 deviations of framing");
    }
  }

  @ParameterizedTest
  @EnumSource
  void objectWithoutDeviationsGivesTheSameInEveryMode(WarcOptions.Mode mode) throws Exception {
    WarcFixture file = new WarcFixture().warcinfo().conversion(1, "eng", "a\r\n\r\nWARC/1.0\r\n");
    for (byte[] object : List.of(file.plain(), file.gzip(), WarcFixture.gzip(file.plain()))) {
      Result result = read(object, mode);

      assertThat(result.blocks()).containsExactly("Warcinfo-Text: x\r\n", "a\r\n\r\nWARC/1.0\r\n");
      assertThat(result.faults().summary()).isEmpty();
    }
  }

  @Test
  void wholeRecordsBeforeACutAreReadAtEveryByte() throws Exception {
    WarcFixture file =
        new WarcFixture().warcinfo().conversion(1, "eng", "one\n").conversion(2, "", "two");
    for (byte[] whole : List.of(file.plain(), file.gzip())) {
      List<Long> ends = offsets(whole);
      ends.add((long) whole.length);
      for (int length = 1; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        int last = length;
        // The line ends after a plain record may be missing; the block may not.
        boolean plain = whole[0] == 'W';
        long complete = ends.stream().skip(1).filter(end -> end - (plain ? 4 : 0) <= last).count();
        boolean atEnd =
            plain
                ? ends.stream().anyMatch(e -> e - 4 <= last && last <= e)
                : ends.contains((long) last);

        Result result = read(cut, WarcOptions.Mode.DROPMALFORMED);

        assertThat(result.blocks())
            .as("cut at %s of %s", length, whole.length)
            .hasSize((int) complete);
        assertThat(result.faults().leftOut()).as("cut at %s", length).isEqualTo(atEnd ? 0 : 1);
      }
    }
  }

  @Test
  void recordsAfterADamagedGzipMemberAreRead() throws Exception {
    WarcFixture two = new WarcFixture().conversion(2, "", "two ".repeat(2000));
    byte[] before = new WarcFixture().conversion(1, "", "one").gzip();
    byte[] after = new WarcFixture().conversion(3, "", "three").gzip();
    byte[] damaged = two.gzip();
    long seed = Long.getLong("letsdata.test.seed", System.nanoTime());
    Random random = new Random(seed);
    int leftOut = 0;
    for (int i = 0; i < 200; i++) {
      byte[] flipped = damaged.clone();
      int at = random.nextInt(damaged.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));

      Result result = read(join(before, flipped, after), WarcOptions.Mode.DROPMALFORMED);

      assertThat(result.blocks()).as("-Dletsdata.test.seed=%s, byte %s", seed, at).contains("one");
      assertThat(result.blocks().get(result.blocks().size() - 1))
          .as("-Dletsdata.test.seed=%s, byte %s", seed, at)
          .isEqualTo("three");
      assertThat(result.blocks())
          .as("seed %s", seed)
          .isSubsetOf("one", "two ".repeat(2000), "three");
      leftOut += result.blocks().size() == 2 ? 1 : 0;
      assertThat(result.faults().leftOut() > 0)
          .as("-Dletsdata.test.seed=%s, byte %s", seed, at)
          .isEqualTo(result.blocks().size() == 2);
    }
    assertThat(leftOut).as("seed %s", seed).isGreaterThan(150);
  }

  @Test
  void recordAfterOneThatIsNoneIsRead() throws Exception {
    byte[] plain = bytes(ONE + "<html>an error page</html>\r\n\r\n" + TWO);
    byte[] wrongLength =
        bytes(ONE + "WARC/1.0\r\nContent-Length: 2\r\n\r\nabcdef\r\nx\r\n\r\n" + TWO);
    byte[] noLength = bytes(ONE + "WARC/1.0\r\nContent-Length: x\r\n\r\nabcdef\r\n\r\n" + TWO);
    byte[] members = join(gzip(ONE), gzip("no record"), gzip(TWO));

    for (byte[] object : List.of(plain, wrongLength, noLength, members)) {
      Result result = read(object, WarcOptions.Mode.DROPMALFORMED);

      assertThat(result.blocks()).containsExactly("one", "two");
      assertThat(result.faults().leftOut()).isEqualTo(1);
      assertThatThrownBy(() -> read(object, WarcOptions.Mode.PERMISSIVE))
          .isInstanceOf(DamagedRecord.class)
          .hasMessageContaining("that begins at byte");
    }
  }

  @Test
  void recordBeyondTheLimitIsAnErrorThatNamesTheOptionOrLeftOut() throws Exception {
    byte[] object =
        new WarcFixture().conversion(1, "", "x".repeat(5000)).conversion(2, "", "two").gzip();

    Result result =
        read(object, WarcOptions.of(Map.of("mode", "DROPMALFORMED", "maxRecordBytes", "4k")));

    assertThat(result.blocks()).containsExactly("two");
    assertThat(result.faults().summary())
        .contains("left out records at 1 damaged places")
        .contains("the block has 5000 bytes, and 'max-record-bytes' is 4096");
    assertThatThrownBy(() -> read(object, WarcOptions.of(Map.of("max-record-bytes", "4k"))))
        .hasMessageContaining("in the record that begins at byte 0")
        .hasMessageContaining("'max-record-bytes' is 4096");
  }

  @Test
  void messageSaysWhatAnotherKindOfFileIs() {
    assertThatThrownBy(
            () ->
                read(bytes("filedesc://x.arc 0.0.0.0 1 text/plain 1\n"), WarcOptions.Mode.FAILFAST))
        .hasMessageContaining("arc file");
    assertThatThrownBy(() -> read(bytes("PK\u0003\u0004zzzz"), WarcOptions.Mode.PERMISSIVE))
        .hasMessageContaining("wacz");
    assertThatThrownBy(() -> read(gzip("<?xml version='1.0'?><Error/>"), WarcOptions.Mode.FAILFAST))
        .hasMessageContaining("an error page");
  }

  private record Result(List<String> blocks, RecordFaults faults) {}

  private static Result read(byte[] object, WarcOptions.Mode mode) throws IOException {
    return read(object, new WarcOptions(mode, 1 << 20));
  }

  /** As the reader of rows does. */
  private static Result read(byte[] object, WarcOptions options) throws IOException {
    List<String> blocks = new ArrayList<>();
    try (WarcRecords records = new WarcRecords(new ByteArrayInputStream(object), options)) {
      while (records.next()) {
        try {
          String block = new String(records.content(), ISO_8859_1);
          if (options.dropsDamaged()) {
            records.finish();
          }
          blocks.add(block);
        } catch (DamagedRecord e) {
          records.leaveOut(e);
        }
      }
      return new Result(blocks, records.faults());
    }
  }

  private static List<Long> offsets(byte[] object) throws IOException {
    List<Long> offsets = new ArrayList<>();
    try (WarcRecords records = new WarcRecords(new ByteArrayInputStream(object))) {
      while (records.next()) {
        offsets.add(records.offset());
      }
    }
    return offsets;
  }
}
