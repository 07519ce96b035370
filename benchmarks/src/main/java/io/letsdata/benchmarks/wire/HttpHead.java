package io.letsdata.benchmarks.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The lines before the body of an HTTP/1.1 message, and how to copy the body behind them; for
 * proxies. Immutable.
 *
 * @param text with all line ends, the empty line included
 */
public record HttpHead(String text) {
  private static final int COPY_BYTES = 64 << 10;

  /**
   * Reads one; the stream should be buffered.
   *
   * @return null when the stream ends before a whole head
   */
  public static @Nullable HttpHead read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(1024);
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

  /** As it goes over the wire. */
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Whether the request is a HEAD, whose answer has no body. */
  public boolean isHead() {
    return text.startsWith("HEAD ");
  }

  /** Whether an answer of this status has a body, unless it answers a HEAD. */
  public boolean mayHaveBody() {
    return !text.startsWith("HTTP/1.1 204") && !text.startsWith("HTTP/1.1 304");
  }

  /** Whether the header is there with this value, in any case. */
  public boolean has(String name, String value) {
    return header(name).equalsIgnoreCase(value);
  }

  /** The same without one header. */
  public HttpHead without(String name) {
    StringBuilder kept = new StringBuilder();
    text.lines()
        .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .forEach(line -> kept.append(line).append("\r\n"));
    return new HttpHead(kept.toString());
  }

  /** Bytes of the body as the head tells; 0 when it is chunked or there is none. */
  public long lengthBytes() {
    String length = header("content-length");
    return length.isEmpty() ? 0 : Long.parseLong(length);
  }

  /**
   * Copies the body.
   *
   * @param limitBytes of a body that is not chunked
   * @throws EOFException when the message ends too early
   */
  public void copyBody(InputStream in, OutputStream out, long limitBytes) throws IOException {
    if (!has("transfer-encoding", "chunked")) {
      copy(in, out, Math.min(limitBytes, lengthBytes()));
      return;
    }
    long size = Long.MAX_VALUE;
    while (size > 0) {
      String line = line(in);
      size = Long.parseLong(line.split(";", -1)[0].strip(), 16);
      out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
      copy(in, out, size + 2);
    }
  }

  private String header(String name) {
    return text.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
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
    byte[] chunk = new byte[(int) Math.min(COPY_BYTES, Math.max(1, count))];
    for (long left = count; left > 0; ) {
      int got = in.read(chunk, 0, (int) Math.min(left, chunk.length));
      if (got < 0) {
        throw new EOFException();
      }
      out.write(chunk, 0, got);
      left -= got;
    }
  }
}
