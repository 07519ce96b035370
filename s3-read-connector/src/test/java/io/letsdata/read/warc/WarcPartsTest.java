// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.warc.WarcFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of an object of gzip members, each read by itself. */
class WarcPartsTest {
  private static final int RECORDS = 12;

  private static byte[] records(WarcFixture fixture) {
    fixture.warcinfo();
    for (int i = 1; i < RECORDS; i++) {
      fixture.conversion(i, "eng", "text " + i + "\r\nWARC/1.0\r\n" + "x".repeat(40 * i));
    }
    return fixture.gzip();
  }

  private static WarcOptions mode(String mode) {
    return WarcOptions.of(Map.of("mode", mode));
  }

  /** Offset and length of each record that begins in the part. */
  private static List<String> part(byte[] object, WarcOptions options, long start, long end)
      throws IOException {
    ByteArrayInputStream source =
        new ByteArrayInputStream(object, (int) start, object.length - (int) start);
    List<String> found = new ArrayList<>();
    try (WarcRecords records = new WarcRecords(source, options, start, end)) {
      while (records.next()) {
        found.add(records.offset() + " " + records.content().length);
      }
    }
    return found;
  }

  private static List<String> whole(byte[] object) throws IOException {
    return part(object, WarcOptions.DEFAULT, 0, Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"failfast", "permissive", "dropmalformed"})
  void twoPartsHaveEachRecordOnceWhereverTheyMeet(String mode) throws Exception {
    byte[] object = records(new WarcFixture());
    List<String> expected = whole(object);
    assertThat(expected).hasSize(RECORDS);

    for (int middle = 1; middle < object.length; middle++) {
      List<String> found = part(object, mode(mode), 0, middle);
      found.addAll(part(object, mode(mode), middle, Long.MAX_VALUE));
      assertThat(found).as("parts meet at byte %s", middle).isEqualTo(expected);
    }
  }

  @Test
  void partsOfRandomLengthsHaveEachRecordOnce() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] object = records(new WarcFixture());
    for (int round = 0; round < 200; round++) {
      List<String> found = new ArrayList<>();
      int start = 0;
      while (start < object.length) {
        int end = start + 1 + random.nextInt(object.length / 3);
        found.addAll(part(object, WarcOptions.DEFAULT, start, end));
        start = end;
      }
      assertThat(found).as("seed %s, round %s", seed, round).isEqualTo(whole(object));
    }
  }

  @Test
  void objectOfOneMemberIsReadByItsFirstPart() throws Exception {
    byte[] plain = new WarcFixture().warcinfo().conversion(1, "eng", "a".repeat(500)).plain();
    byte[] object = WarcFixture.gzip(plain);

    assertThat(part(object, WarcOptions.DEFAULT, 0, 50)).hasSize(2);
    assertThat(part(object, WarcOptions.DEFAULT, 50, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void memberWithinAPayloadThatIsNoRecordBeginsNothing() throws Exception {
    byte[] inner =
        WarcFixture.gzip("not a record".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    object.write(new WarcFixture().warcinfo().gzip());
    int start = object.size();
    object.write(inner);
    object.write(new WarcFixture().conversion(1, "eng", "b").gzip());

    assertThat(part(object.toByteArray(), WarcOptions.DEFAULT, start, Long.MAX_VALUE)).hasSize(1);
  }

  @Test
  void plainObjectWithTheNameOfGzipIsAnError() {
    byte[] plain = new WarcFixture().warcinfo().plain();

    assertThatThrownBy(() -> part(plain, WarcOptions.DEFAULT, 0, 10))
        .isInstanceOf(DamagedRecord.class)
        .hasMessageContaining("cannot be split")
        .hasMessageContaining("split-size");
  }
}
