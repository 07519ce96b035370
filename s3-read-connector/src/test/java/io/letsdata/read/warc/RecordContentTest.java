// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.warc.WarcFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates, media types and HTTP messages as crawls have them. */
class RecordContentTest {
  @ParameterizedTest
  @CsvSource({
    "2024-01-02T03:04:05Z,2024-01-02T03:04:05Z",
    "2024-01-02T03:04:05.123456Z,2024-01-02T03:04:05.123456Z",
    "2024-01-02T03:04Z,2024-01-02T03:04:00Z",
    "2024-01-02T03:04:05-0500,2024-01-02T08:04:05Z",
    "2024-01-02T03:04:05-05:00,2024-01-02T08:04:05Z",
    "2024-01-02T03:04:05+01,2024-01-02T02:04:05Z",
    "20240102030405,2024-01-02T03:04:05Z",
    "2024-01-02 03:04:05Z,2024-01-02T03:04:05Z",
    "2024-01-02 03:04:05,2024-01-02T03:04:05Z",
    "2024-01-02T03:04:05.5,2024-01-02T03:04:05.500Z"
  })
  void dateOfEveryFormIsTheInstant(String text, String expected) {
    assertThat(WarcDate.parse(text)).contains(Instant.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024", "2024-01", "2024-01-02", "", "yesterday", "20241302030405"})
  void textThatIsNoInstantHasNone(String text) {
    assertThat(WarcDate.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "text/html,true",
    "TEXT/Plain; charset=x,true",
    "application/json;charset=utf-8,true",
    "application/ld+json,true",
    "application/xml,true",
    "image/svg+xml,true",
    "application/warc-fields,true",
    "application/xmlish,false",
    "image/png,false",
    "application/http; msgtype=response,false"
  })
  void textJsonAndXmlAreText(String type, boolean text) {
    assertThat(MediaType.parse(Optional.of(type)).isText()).isEqualTo(text);
  }

  @Test
  void charsetIsTheDeclaredOneThenThatWithinTheTextThenUtf8() {
    assertThat(utf8("text/html; charset=ISO-8859-1", "café".getBytes(ISO_8859_1)))
        .isEqualTo("café");
    assertThat(utf8("text/plain; Charset=\"windows-1252\"", new byte[] {(byte) 0x80}))
        .isEqualTo("€");
    assertThat(utf8("text/plain", "é".getBytes(UTF_16))).isEqualTo("é");
    assertThat(
            utf8(
                "application/xml",
                "<?xml version='1.0' encoding='ISO-8859-1'?><é/>".getBytes(ISO_8859_1)))
        .contains("<é/>");
    assertThat(utf8("text/html", "<html><meta charset=iso-8859-1>é".getBytes(ISO_8859_1)))
        .endsWith("é");
    assertThat(utf8("text/html; charset=no-such", "é".getBytes(UTF_8))).isEqualTo("é");
    assertThat(utf8("text/html; charset=!", "é".getBytes(UTF_8))).isEqualTo("é");
    assertThat(utf8("", new byte[0])).isEmpty();
  }

  private static String utf8(String type, byte[] text) {
    return new String(MediaType.parse(Optional.of(type)).toUtf8(text), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "http/1.1 200 OK\n\n",
        "HTTP/1.1\t200\tOK\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200"
      })
  void statusOfEveryFormIsRead(String message) {
    assertThat(HttpMessage.parse(message.getBytes(UTF_8)).status()).hasValue(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/1.1 2000"})
  void otherStartLinesHaveNoStatus(String message) {
    assertThat(HttpMessage.parse(message.getBytes(UTF_8)).status()).isEmpty();
  }

  @Test
  @Timeout(20)
  void headBeyondItsLimitIsNotComplete() {
    String folded = "HTTP/1.1 200 OK\r\nA: b" + "\n c".repeat(500_000) + "\r\n\r\nbody";

    HttpMessage message = HttpMessage.parse(folded.getBytes(UTF_8));

    assertThat(message.isComplete()).isFalse();
    assertThat(message.first("A").orElseThrow()).hasSizeLessThan(1 << 20).startsWith("b c c");
  }

  @Test
  void headersAreFoundInAnyCaseAndMayBeFoldedOrOdd() {
    HttpMessage message =
        HttpMessage.parse(
            "HTTP/1.1 200 OK\nCONTENT-type : text/html;\n charset=x\nodd\nA: 1\nA: 2\n\nbody"
                .getBytes(UTF_8));

    assertThat(message.first("Content-Type")).contains("text/html; charset=x");
    assertThat(message.headers().get("a")).containsExactly("1", "2");
    assertThat(message.headers()).hasSize(2);
    assertThat(message.isComplete()).isTrue();
    assertThat(HttpMessage.parse("HTTP/1.1 200 OK\nA: 1\n".getBytes(UTF_8)).isComplete()).isFalse();
  }

  @Test
  void payloadHasNoChunkFraming() throws Exception {
    assertThat(
            payload(
                "Transfer-Encoding: chunked", bytes("4\r\n<p>h\r\n5;x=y\r\ni</p>\r\n0\r\n\r\n")))
        .isEqualTo(bytes("<p>hi</p>"));
    assertThat(payload("Transfer-Encoding: chunked", bytes("<p>stored without chunks</p>")))
        .isEqualTo(bytes("<p>stored without chunks</p>"));
    assertThat(payload("Transfer-Encoding: chunked", bytes("ff\r\ncut"))).isNull();
    assertThat(payload("Transfer-Encoding: chunked", bytes("1\r\na\r\nzz\r\n"))).isNull();
  }

  @Test
  void payloadHasNoContentCoding() throws Exception {
    byte[] gzip = WarcFixture.gzip(bytes("text"));
    assertThat(payload("Content-Encoding: gzip", gzip)).isEqualTo(bytes("text"));
    assertThat(payload("Content-Encoding: gzip", bytes("stored decoded")))
        .isEqualTo(bytes("stored decoded"));
    assertThat(payload("Content-Encoding: gzip", Arrays.copyOf(gzip, gzip.length - 3))).isNull();
    assertThat(payload("Content-Encoding: deflate", deflate(false))).isEqualTo(bytes("text"));
    assertThat(payload("Content-Encoding: deflate", deflate(true))).isEqualTo(bytes("text"));
    assertThat(payload("Content-Encoding: br", bytes("?"))).isNull();
    assertThat(payload("X: y", bytes("plain"))).isEqualTo(bytes("plain"));
  }

  @Test
  void payloadBeyondTheLimitIsRefused() {
    byte[] gzip = WarcFixture.gzip(new byte[100_000]);

    assertThatThrownBy(() -> payload("Content-Encoding: gzip", gzip, 50_000))
        .isInstanceOf(HttpMessage.TooLong.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] deflate(boolean raw) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
    try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, deflater)) {
      deflate.write(bytes("text"));
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  private static byte @Nullable [] payload(String header, byte[] body) throws IOException {
    return payload(header, body, 1 << 20);
  }

  private static byte @Nullable [] payload(String header, byte[] body, long maxBytes)
      throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(bytes("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n"));
    message.writeBytes(body);
    byte[] whole = message.toByteArray();
    return HttpMessage.parse(whole).payload(whole, maxBytes);
  }
}
