// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are WARC records, or an IOException after the records before the damage. */
class WarcFuzzTest {
  static Stream<byte[]> objects() {
    String record =
        """
        WARC/1.0
        WARC-Type: response
        WARC-Record-ID: <urn:uuid:a>
        WARC-Date: 2026-01-01T00:00:00Z
        WARC-Target-URI: http://a/
        Content-Type: application/http
        Content-Length: 19

        HTTP/1.0 200

        abc

        """
            .replace("\n", "\r\n");
    byte[] plain = (record + record).getBytes(StandardCharsets.UTF_8);
    return Stream.of(plain, gzip(plain));
  }

  @MethodSource("objects")
  @FuzzTest
  void anyBytesAreRecordsOrIOException(byte[] bytes) {
    long last = -1;
    try (WarcRecords records = new WarcRecords(new ByteArrayInputStream(bytes))) {
      while (records.next()) {
        assertThat(records.offset()).isBetween(0L, (long) bytes.length);
        assertThat(records.offset()).isGreaterThanOrEqualTo(last);
        last = records.offset();
        byte[] first = records.peek(16);
        byte[] content = records.content();
        assertThat(content).hasSize((int) records.contentLengthBytes()).startsWith(first);
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
