package io.letsdata.it;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The lines before the body of an HTTP message, and how to copy the body behind them. */
record HttpHead(String text) {
  static @Nullable HttpHead read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.write(next);
      boolean wanted = next == (matched % 2 == 0 ? '\r' : '\n');
      matched = wanted ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return new HttpHead(head.toString(StandardCharsets.ISO_8859_1));
  }

  boolean isHead() {
    return text.startsWith("HEAD ");
  }

  boolean mayHaveBody() {
    return !text.startsWith("HTTP/1.1 204") && !text.startsWith("HTTP/1.1 304");
  }

  String header(String name) {
    return text.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  boolean has(String name, String value) {
    return header(name).equalsIgnoreCase(value);
  }

  byte[] without(String name) {
    StringBuilder kept = new StringBuilder();
    text.lines()
        .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .forEach(line -> kept.append(line).append("\r\n"));
    return kept.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  long length() {
    return header("content-length").isEmpty() ? 0 : Long.parseLong(header("content-length"));
  }

  void body(InputStream in, OutputStream out, long limit) throws IOException {
    if (has("transfer-encoding", "chunked")) {
      long size = Long.MAX_VALUE;
      while (size > 0) {
        String line = line(in);
        size = Long.parseLong(line.split(";", -1)[0].strip(), 16);
        out.write(ascii(line + "\r\n"));
        copy(in, out, size + 2);
      }
    } else {
      copy(in, out, Math.min(limit, length()));
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private static void copy(InputStream in, OutputStream out, long count) throws IOException {
    byte[] chunk = new byte[64 << 10];
    for (long left = count; left > 0; ) {
      int got = in.read(chunk, 0, (int) Math.min(left, chunk.length));
      if (got < 0) {
        throw new EOFException();
      }
      out.write(chunk, 0, got);
      left -= got;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
