// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ObjectListTest {
  private static final Optional<String> BUCKET = Optional.of("b");
  private static final Optional<String> NO_TYPE = Optional.empty();

  @Test
  void keepsTheOrderAndSkipsBlankLinesAndComments() throws Exception {
    assertThat(locations("# crawl\n\nz/1.gz\n   \na/2.gz\n#end"))
        .containsExactly("s3://b/z/1.gz", "s3://b/a/2.gz");
  }

  @Test
  void ignoresByteOrderMarkCrLfAndSpacesAroundKeys() throws Exception {
    assertThat(locations("\uFEFFa\r\n b c \t\r\nd"))
        .containsExactly("s3://b/a", "s3://b/b c", "s3://b/d");
  }

  @Test
  void readsEverySpellingOfAnS3Uri() throws Exception {
    assertThat(locations("s3://x/k\ns3a://x/l\ns3n://x/m"))
        .containsExactly("s3://x/k", "s3://x/l", "s3://x/m");
  }

  @Test
  void keepsPercentSignsPlusesAndColonsOfKeys() throws Exception {
    assertThat(locations("a%20b+c\nlogs/10:30\nlower:x"))
        .containsExactly("s3://b/a%20b+c", "s3://b/logs/10:30", "s3://b/lower:x");
  }

  @Test
  void emptyTextIsAValidEmptyInput() throws Exception {
    assertThat(locations("")).isEmpty();
    assertThat(locations("\uFEFF")).isEmpty();
    assertThat(locations("\r\n# none\n")).isEmpty();
  }

  @Test
  void readsGzipOfSeveralMembersAsOneList() throws Exception {
    byte[] one = gzip("a\nb\n");
    byte[] two = gzip("c\n");
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);

    assertThat(files(both, NO_TYPE)).containsExactly("s3://b/a", "s3://b/b", "s3://b/c");
  }

  @Test
  void gzipPrefixOfAnyLengthIsRejected() throws Exception {
    byte[] whole = gzip("crawl-data/one.warc.wet.gz\ncrawl-data/two.warc.wet.gz\n");

    for (int length = 2; length < whole.length; length++) {
      byte[] clipped = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Manifests.parse(clipped, "s3://b/m.gz"))
          .as("clipped to %d bytes", length)
          .isInstanceOf(ManifestException.class)
          .hasMessageStartingWith(
              "Cannot read manifest s3://b/m.gz: the gzip data ends early, at byte");
    }
  }

  @Test
  void choosesTheFileOfATypedLine() throws Exception {
    byte[] list = "WARC:a.warc.gz|WAT:a.wat.gz|WET:s3://c/a.wet.gz\nplain.gz".getBytes(UTF_8);

    assertThat(files(list, Optional.of("wet")))
        .containsExactly("s3://c/a.wet.gz", "s3://b/plain.gz");
    assertThat(files(list, Optional.of("WARC")))
        .containsExactly("s3://b/a.warc.gz", "s3://b/plain.gz");
  }

  @Test
  void lineWithOneTypeNeedsNoOption() throws Exception {
    assertThat(locations("LOGFILE:x/1.log\nLOGFILE:x/2.log"))
        .containsExactly("s3://b/x/1.log", "s3://b/x/2.log");
  }

  @Test
  void messageForSeveralTypesWithoutOptionHasTheLine() {
    assertThatThrownBy(() -> locations("\nWARC:a|WET:b"))
        .isInstanceOf(ManifestException.class)
        .hasMessage(
            "Cannot read manifest list: line 2: several types (WARC, WET) and none chosen (set the"
                + " option 'type').");
  }

  @Test
  void messageForMissingTypeNamesTheKnownTypes() {
    assertThatThrownBy(() -> files("WARC:a|WAT:b".getBytes(UTF_8), Optional.of("WET")))
        .isInstanceOf(ManifestException.class)
        .hasMessage("Cannot read manifest list: line 1: no object of type WET (known: WARC, WAT).");
  }

  @Test
  void partlyTypedLineIsRejected() {
    assertThatThrownBy(() -> locations("WARC:a|b"))
        .hasMessageContaining("line 1: 'b' is not TYPE:key");
    assertThatThrownBy(() -> locations("WARC:a|WARC:b"))
        .hasMessageContaining("line 1: type WARC is named twice");
    assertThatThrownBy(() -> locations("WARC:"))
        .hasMessageContaining("line 1: type WARC has no key");
  }

  @Test
  void messageForObjectNamedTwiceHasBothLines() {
    assertThatThrownBy(() -> locations("x\n\ny\ns3a://b/x"))
        .isInstanceOf(ManifestException.class)
        .hasMessage(
            "Cannot read manifest list: line 4: s3://b/x is already on line 1. Remove one of the"
                + " two.");
  }

  @Test
  void bareKeyWithoutBucketIsRejected() throws Exception {
    ObjectList list = (ObjectList) Manifests.parse("s3://b/x\ny".getBytes(UTF_8), "list");

    assertThatThrownBy(() -> list.files(Optional.empty(), NO_TYPE))
        .isInstanceOf(ManifestException.class)
        .hasMessage(
            "Cannot read manifest list: line 2: bare key 'y' but no bucket is given (set the option"
                + " 'bucket').");
  }

  @Test
  void otherSchemesAndInvalidUrisAreRejected() {
    assertThatThrownBy(() -> locations("https://h/x"))
        .hasMessageContaining("line 1: 'https://h/x' is not an S3 object");
    assertThatThrownBy(() -> locations("s3://b"))
        .hasMessageContaining("line 1: 's3://b' is not of the form");
    assertThatThrownBy(() -> locations("k".repeat(1025)))
        .hasMessageContaining("line 1: key of 1025 bytes");
  }

  @Test
  void messageForBinaryDataHasLineAndByte() {
    byte[] parquet = {'P', 'A', 'R', '1', '\n', 'x', 0, 1};

    assertThatThrownBy(() -> files(parquet, NO_TYPE))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith(
            "Cannot read manifest list: line 2: control character 0x00 at byte 6");
  }

  @Test
  void messageForInvalidUtf8HasTheLine() {
    byte[] latin = {'a', '\n', 'b', (byte) 0xE9};

    assertThatThrownBy(() -> files(latin, NO_TYPE))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("line 2: bytes 2 to 4 are not UTF-8");
  }

  private static List<String> locations(String text) throws ManifestException {
    return files(text.getBytes(UTF_8), NO_TYPE);
  }

  private static List<String> files(byte[] bytes, Optional<String> type) throws ManifestException {
    ObjectList list = (ObjectList) Manifests.parse(bytes, "list");
    return list.files(BUCKET, type).stream().map(ManifestEntry::location).toList();
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }
}
