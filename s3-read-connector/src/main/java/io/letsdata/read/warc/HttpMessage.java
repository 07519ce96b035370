// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.letsdata.options.Internal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP request or response, as servers send it: line ends of LF, lines without a
 * colon and blanks where none belong are passed over. Pure.
 */
@Internal
public final class HttpMessage {
  private static final int CHUNK_LINE_BYTES = 256;

  /** As WARC's own headers: servers of the field refuse more than a tenth of it. */
  private static final int MAX_HEAD_BYTES = 1 << 20;

  private final List<String> startLine;
  private final Map<String, List<String>> headers;
  private final int bodyStart;

  private HttpMessage(List<String> startLine, Map<String, List<String>> headers, int bodyStart) {
    this.startLine = startLine;
    this.headers = headers;
    this.bodyStart = bodyStart;
  }

  /**
   * Reads the head, at most 1 MiB of it: a longer one is not {@link #isComplete}, and lines beyond
   * are passed over.
   *
   * @param message from its first byte; may end anywhere
   */
  public static HttpMessage parse(byte[] message) {
    List<StringBuilder> lines = new ArrayList<>();
    int most = Math.min(message.length, MAX_HEAD_BYTES);
    int start = 0;
    int bodyStart = -1;
    while (bodyStart < 0 && start < most) {
      int end = start;
      while (end < most && message[end] != '\n') {
        end++;
      }
      int next = Math.min(end + 1, most);
      if (end < most && end > start && message[end - 1] == '\r') {
        end--;
      }
      if (end == start) {
        bodyStart = next;
      } else {
        addLine(lines, new String(message, start, end - start, ISO_8859_1));
      }
      start = next;
    }
    TreeMap<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (StringBuilder each : lines.subList(Math.min(1, lines.size()), lines.size())) {
      String line = each.toString();
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(line.substring(0, colon).strip(), name -> new ArrayList<>())
            .add(line.substring(colon + 1).strip());
      }
    }
    List<String> first =
        lines.isEmpty()
            ? List.of()
            : Arrays.asList(lines.get(0).toString().strip().split("[ \t]+", -1));
    return new HttpMessage(first, headers, bodyStart);
  }

  /** A line that begins with a blank continues the one before. */
  private static void addLine(List<StringBuilder> lines, String line) {
    if (lines.size() > 1 && (line.startsWith(" ") || line.startsWith("\t"))) {
      StringBuilder unused = lines.get(lines.size() - 1).append(' ').append(line.strip());
    } else {
      lines.add(new StringBuilder(line));
    }
  }

  /** Whether the empty line after the head was found. */
  public boolean isComplete() {
    return bodyStart >= 0;
  }

  /** The status of a response: 200 of {@code HTTP/1.1 200 OK}. */
  public OptionalInt status() {
    boolean response =
        startLine.size() > 1
            && startLine.get(0).toUpperCase(Locale.ROOT).startsWith("HTTP/")
            && startLine.get(1).matches("[0-9]{3}");
    return response ? OptionalInt.of(Integer.parseInt(startLine.get(1))) : OptionalInt.empty();
  }

  /** All values by name; names are compared without regard to case. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /** The first value of a header. */
  public Optional<String> first(String name) {
    List<String> values = headers.get(name);
    return values == null ? Optional.empty() : Optional.of(values.get(0));
  }

  /**
   * The body without chunked transfer coding and without the content coding gzip or deflate.
   * Crawlers store bodies decoded and leave the headers as they were; such a body is given as it
   * is.
   *
   * @param message the whole, of which this is the head
   * @param maxBytes of the result
   * @return null when it has another coding (br, zstd), or is damaged
   * @throws TooLong when it is longer than {@code maxBytes}
   */
  public byte @Nullable [] payload(byte[] message, long maxBytes) throws TooLong {
    byte @Nullable [] body =
        bodyStart < 0 ? new byte[0] : Arrays.copyOfRange(message, bodyStart, message.length);
    if (coding("Transfer-Encoding").contains("chunked")) {
      body = unchunked(body);
    }
    if (body == null) {
      return null;
    }
    return switch (coding("Content-Encoding")) {
      case "", "identity", "none", "utf-8" -> body;
      case "gzip", "x-gzip" -> isGzip(body) ? gunzipped(body, maxBytes) : body;
      case "deflate" -> inflated(body, maxBytes);
      default -> null;
    };
  }

  private String coding(String header) {
    return first(header).orElse("").strip().toLowerCase(Locale.ROOT);
  }

  private static boolean isGzip(byte[] body) {
    return body.length > 1
        && (body[0] & 0xff) == GzipMembers.MAGIC_1
        && (body[1] & 0xff) == GzipMembers.MAGIC_2;
  }

  private static byte @Nullable [] gunzipped(byte[] body, long maxBytes) throws TooLong {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return read(in, maxBytes);
    } catch (TooLong e) {
      throw e;
    } catch (IOException e) {
      return null;
    }
  }

  /** With zlib's header, as the standard requires, or without it, as some servers send it. */
  private static byte @Nullable [] inflated(byte[] body, long maxBytes) throws TooLong {
    for (boolean raw : new boolean[] {false, true}) {
      Inflater inflater = new Inflater(raw);
      try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(body), inflater)) {
        return read(in, maxBytes);
      } catch (TooLong e) {
        throw e;
      } catch (IOException e) {
        // the other form, or damage
      } finally {
        inflater.end();
      }
    }
    return null;
  }

  private static byte[] read(InputStream in, long maxBytes) throws IOException {
    byte[] read = in.readNBytes((int) Math.min(maxBytes + 1, Integer.MAX_VALUE - 8));
    if (read.length > maxBytes) {
      throw new TooLong();
    }
    return read;
  }

  /** Null when a chunk is cut or damaged; {@code body} itself when its first bytes are no chunk. */
  private static byte @Nullable [] unchunked(byte[] body) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(body.length);
    int at = 0;
    while (true) {
      int lineEnd = at;
      while (lineEnd < body.length && body[lineEnd] != '\n') {
        lineEnd++;
      }
      long length = lineEnd < body.length ? chunkLength(body, at, lineEnd) : -1;
      if (length < 0 && at == 0) {
        return body;
      }
      if (length < 0 || length > body.length - lineEnd - 1) {
        return null;
      }
      if (length == 0) {
        return whole.toByteArray();
      }
      whole.write(body, lineEnd + 1, (int) length);
      at = lineEnd + 1 + (int) length;
      if (at < body.length && body[at] == '\r') {
        at++;
      }
      if (at < body.length && body[at] == '\n') {
        at++;
      }
    }
  }

  private static long chunkLength(byte[] body, int start, int end) {
    String line = new String(body, start, Math.min(end - start, CHUNK_LINE_BYTES), ISO_8859_1);
    int extension = line.indexOf(';');
    try {
      return Integer.parseInt((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** A decoded payload is longer than the limit. */
  public static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("the decoded payload is longer than the limit");
    }
  }
}
