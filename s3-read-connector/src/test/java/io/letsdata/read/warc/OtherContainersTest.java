// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.letsdata.fixtures.warc.WarcFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records in zstd frames, and those of ARC. */
class OtherContainersTest {
  private static final int RECORDS = 5;

  private static byte[] record(int number) {
    return new WarcFixture().conversion(number, "eng", "text " + number + " of many").plain();
  }

  /** A {@code .warc.zst}; the dictionary is a part of a record. */
  private static byte[] zstd(String dictionary) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setChecksum(true);
      if (!dictionary.equals("none")) {
        byte[] bytes = Arrays.copyOfRange(record(0), 8, 200); // no record by itself
        byte[] stored = dictionary.equals("packed") ? Zstd.compress(bytes) : bytes;
        out.write(
            ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(ZstdFrames.DICTIONARY_MAGIC)
                .putInt(stored.length)
                .array());
        out.write(stored);
        context.loadDict(bytes);
      }
      for (int i = 1; i <= RECORDS; i++) {
        out.write(context.compress(record(i)));
      }
    }
    return out.toByteArray();
  }

  /** Offset and text of each record. */
  private static List<String> read(byte[] object, String mode) throws IOException {
    List<String> found = new ArrayList<>();
    try (WarcRecords records =
        new WarcRecords(new ByteArrayInputStream(object), WarcOptions.of(Map.of("mode", mode)))) {
      while (records.next()) {
        String text = new String(records.content(), UTF_8);
        records.finish();
        found.add(records.offset() + " " + text);
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "raw", "packed"})
  void zstdFramesAreRecordsWithTheirOffsets(String dictionary) throws Exception {
    List<String> found = read(zstd(dictionary), "failfast");

    assertThat(found).hasSize(RECORDS);
    assertThat(found.get(2)).endsWith("text 3 of many");
    assertThat(found.stream().map(f -> f.split(" ", -1)[0]).distinct()).hasSize(RECORDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "raw", "packed"})
  void clippedZstdIsAnErrorOrEndsBetweenRecords(String dictionary) throws Exception {
    byte[] object = zstd(dictionary);
    List<String> whole = read(object, "failfast");
    for (int length = 1; length < object.length; length++) {
      byte[] clipped = Arrays.copyOf(object, length);
      try {
        List<String> found = read(clipped, "failfast");
        assertThat(found).isEqualTo(whole.subList(0, found.size()));
        int size = found.size();
        long next = size < whole.size() ? Long.parseLong(whole.get(size).split(" ", -1)[0]) : 0;
        assertThat(length).isEqualTo((int) next);
      } catch (IOException e) {
        assertThat(e).isInstanceOf(DamagedRecord.class);
      }
    }
  }

  @Test
  void damagedZstdFrameIsLeftOutAndTheOthersAreRead() throws Exception {
    byte[] object = zstd("raw");
    List<String> whole = read(object, "failfast");
    int third = Integer.parseInt(whole.get(2).split(" ", -1)[0]);
    object[third + 12] ^= 0x55;

    assertThatThrownBy(() -> read(object, "permissive"))
        .isInstanceOf(DamagedRecord.class)
        .hasMessageContaining("the zstd frame that begins at byte " + third);
    List<String> expected = new ArrayList<>(whole);
    expected.remove(2);
    assertThat(read(object, "dropmalformed")).isEqualTo(expected);
  }

  @Test
  void flippedBytesOfZstdMakeNoOtherRecord() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] object = zstd("packed");
    List<String> whole = read(object, "failfast");
    for (int i = 0; i < 500; i++) {
      byte[] flipped = object.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 + random.nextInt(255));
      try {
        assertThat(whole).as("seed %s", seed).containsAll(read(flipped, "dropmalformed"));
      } catch (DamagedRecord e) {
        // the dictionary
      }
    }
  }

  private static byte[] arc(String version, String... records) {
    StringBuilder text = new StringBuilder();
    String block = version + " 0 Own\nURL IP-address Archive-date Content-type Archive-length\n";
    text.append("filedesc://own.arc 0.0.0.0 20240102030405 text/plain ")
        .append(block.length())
        .append('\n')
        .append(block)
        .append('\n');
    for (String record : records) {
      text.append(record).append('\n');
    }
    return text.toString().getBytes(US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(strings = {"failfast", "permissive", "dropmalformed"})
  void recordsOfArcHaveTheHeadersOfWarc(String mode) throws Exception {
    String http = "HTTP/1.0 200 OK\r\n\r\nhello";
    byte[] object =
        arc(
            "1",
            "http://site.test/a b 127.0.0.1 20240102030406 text/html "
                + http.length()
                + "\n"
                + http,
            "dns:site.test 127.0.0.1 20240102030407 text/dns 3\nabc");
    List<String> types = new ArrayList<>();
    try (WarcRecords records =
        new WarcRecords(new ByteArrayInputStream(object), WarcOptions.of(Map.of("mode", mode)))) {
      while (records.next()) {
        types.add(
            records.headers().first("WARC-Type").orElse("")
                + " "
                + records.headers().first("WARC-Target-URI").orElse("")
                + " "
                + records.headers().first("Content-Type").orElse("")
                + " "
                + records.headers().first("WARC-Date").flatMap(WarcDate::parse).orElseThrow()
                + " "
                + records.content().length);
      }
    }

    assertThat(types)
        .containsExactly(
            "warcinfo filedesc://own.arc text/plain 2024-01-02T03:04:05Z 64",
            "response http://site.test/a b application/http; msgtype=response 2024-01-02T03:04:06Z 24",
            "resource dns:site.test text/dns 2024-01-02T03:04:07Z 3");
  }

  @Test
  void recordsOfArcVersionTwoAndOfGzipMembersAreRead() throws Exception {
    byte[] v2 =
        arc("2", "http://site.test/ 127.0.0.1 20240102030406 text/html 200 c1 - 99 own.arc 3\nabc");
    int second = new String(v2, US_ASCII).indexOf("http://");
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    gzip.write(WarcFixture.gzip(Arrays.copyOf(v2, second)));
    int start = gzip.size();
    gzip.write(WarcFixture.gzip(Arrays.copyOfRange(v2, second, v2.length)));

    assertThat(read(v2, "failfast").get(1)).isEqualTo(second + " abc");
    assertThat(read(gzip.toByteArray(), "failfast").get(1)).isEqualTo(start + " abc");
  }

  @Test
  void clippedArcIsAnErrorOrEndsBetweenRecords() throws Exception {
    byte[] object = arc("1", "http://site.test/ 127.0.0.1 20240102030406 text/html 3\nabc");
    for (int length = 1; length < object.length; length++) {
      byte[] clipped = Arrays.copyOf(object, length);
      try {
        assertThat(read(clipped, "failfast")).as("at %s", length).hasSize(1);
        assertThat(new String(object, length, 4, US_ASCII)).isEqualTo("http");
      } catch (IOException e) {
        assertThat(e).isInstanceOf(DamagedRecord.class);
      }
    }
  }
}
