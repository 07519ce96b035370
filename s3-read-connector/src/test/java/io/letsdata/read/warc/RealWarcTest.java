// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Files that real crawlers wrote, where {@code -Dletsdata.real-warc=<folder>} (or
 * ../../shared/data) has them.
 */
class RealWarcTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("letsdata.real-warc", "../../../shared/data"));

  @Test
  void readsCommonCrawlsWetWatAndWarc() throws Exception {
    assertThat(types("whirlwind.warc.wet.gz")).isEqualTo(Map.of("warcinfo", 1, "conversion", 1));
    assertThat(types("whirlwind.warc.wat.gz")).containsEntry("warcinfo", 1).containsKey("metadata");
    assertThat(types("whirlwind.warc.gz"))
        .containsEntry("warcinfo", 1)
        .containsEntry("response", 1);
  }

  @Test
  void readsFiftyMembers() throws Exception {
    assertThat(types("cc-style-50-records.warc.gz"))
        .isEqualTo(Map.of("warcinfo", 1, "request", 17, "response", 16, "metadata", 16));
  }

  @Test
  void readsWhatWgetWrote() throws Exception {
    assertThat(types("dolma-sample-0000.warc.gz"))
        .containsEntry("request", 22)
        .containsEntry("response", 22);
  }

  @Test
  void realRecordHasItsLanguageAndLength() throws Exception {
    try (WarcRecords records = open("whirlwind.warc.wet.gz")) {
      records.next();
      records.next();

      assertThat(records.headers().first("WARC-Identified-Content-Language")).hasValue("spa");
      assertThat(records.contentLengthBytes()).isEqualTo(4456);
      assertThat(new String(records.content(), UTF_8)).startsWith("Escopete - Biquipedia");
    }
  }

  @Test
  void lfLineEndsAreReadAndWrongLengthsAreRejected() throws Exception {
    try (WarcRecords records = open("lf-line-ends.warc.wet")) {
      assertThat(records.next()).isTrue();
      assertThat(records.headers().first("WARC-Type")).hasValue("warcinfo");
      assertThatThrownBy(records::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("its block of 370 bytes is not followed by two line ends");
    }
  }

  private static Map<String, Integer> types(String name) throws IOException {
    Map<String, Integer> types = new TreeMap<>();
    try (WarcRecords records = open(name)) {
      while (records.next()) {
        types.merge(records.headers().first("WARC-Type").orElse(""), 1, Integer::sum);
      }
    }
    return types;
  }

  private static WarcRecords open(String name) throws IOException {
    Path file = FOLDER.resolve(name);
    assumeTrue(Files.exists(file), () -> file + " is not here");
    return new WarcRecords(Files.newInputStream(file));
  }
}
