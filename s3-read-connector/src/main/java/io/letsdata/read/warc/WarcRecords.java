// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import io.letsdata.options.Internal;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;
import org.netpreserve.jwarc.MessageHeaders;
import org.netpreserve.jwarc.ParsingException;
import org.netpreserve.jwarc.WarcParser;

/**
 * The records of one WARC, WET or WAT object, plain or gzip, in order. jwarc parses the headers
 * leniently: lines may end in LF. This class frames the blocks, because a truncated object must be
 * an error that names the byte (jwarc's reader logs a warning and continues).
 *
 * <p>A block that is not requested is skipped, not copied. Not thread-safe; closes its source.
 */
@Internal
public final class WarcRecords implements Closeable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int ZSTD_MAGIC = 0x28;

  /** Longest header of a record; real ones have some hundred bytes. */
  static final int MAX_HEADER_BYTES = 1024 * 1024;

  private static final long NO_LIMIT = Long.MAX_VALUE;

  private final InputStream in;
  private final @Nullable GzipMembers members;
  private final ReadableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private final WarcParser parser = new WarcParser();
  private long readBytes;
  private long offset;
  private long contentLengthBytes;
  private long unreadBytes;

  /** Byte of the unpacked object before which the header that is parsed must end. */
  private long headerLimit = NO_LIMIT;

  private boolean started;
  private MessageHeaders headers = MessageHeaders.of();

  /**
   * Reads the first byte of {@code source}, which is that of the object.
   *
   * @throws IOException also for zstd
   */
  public WarcRecords(InputStream source) throws IOException {
    PushbackInputStream peekable = new PushbackInputStream(source, 1);
    int first = peekable.read();
    if (first >= 0) {
      peekable.unread(first);
    }
    if (first == ZSTD_MAGIC) {
      throw new IOException("zstd is not supported, only gzip and plain");
    }
    members = first == GzipMembers.MAGIC_1 ? new GzipMembers(peekable) : null;
    in = members == null ? peekable : members;
    channel = new Counting(Channels.newChannel(in));
    parser.setLenient(true);
  }

  /**
   * Moves to the next record.
   *
   * @return false at the end of the object
   * @throws IOException with the error and its byte, without the name of the object
   */
  public boolean next() throws IOException {
    if (started) {
      endBlock();
    }
    started = true;
    if (!buffer.hasRemaining() && !fill()) {
      return false;
    }
    offset = members == null ? readBytes - buffer.remaining() : members.memberStart();
    parser.reset();
    headerLimit = readBytes - buffer.remaining() + MAX_HEADER_BYTES;
    try {
      if (!parser.parse(channel, buffer)) {
        throw new EOFException();
      }
      headers = parser.headers();
      if (!parser.version().getProtocol().equals("WARC")) {
        throw new ParsingException("it is " + parser.version());
      }
      contentLengthBytes = contentLength(headers);
      unreadBytes = contentLengthBytes;
      return true;
    } catch (ParsingException e) {
      // Without the cause: a driver that lacks jwarc cannot read it back.
      throw broken("its header is not WARC: " + e.getBaseMessage(), null);
    } catch (EOFException e) {
      throw members != null && e.getMessage() != null
          ? e
          : broken("the object ends in its header", e);
    } finally {
      headerLimit = NO_LIMIT;
    }
  }

  /** The byte of the object where the record begins; for gzip, where its member begins. */
  public long offset() {
    return offset;
  }

  /** The headers of the current record. */
  public MessageHeaders headers() {
    return headers;
  }

  /** The length of the current record's block. */
  public long contentLengthBytes() {
    return contentLengthBytes;
  }

  /**
   * The first bytes of the block, at most {@code atMost}, without consuming them. Call before
   * {@link #content}.
   */
  public byte[] peek(int atMost) throws IOException {
    int wanted = (int) Math.min(atMost, unreadBytes);
    while (buffer.remaining() < wanted) {
      if (!fill()) {
        throw cut();
      }
    }
    byte[] bytes = new byte[wanted];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  /** The whole block; called at most once per record. */
  public byte[] content() throws IOException {
    if (unreadBytes > Integer.MAX_VALUE - 8) {
      throw broken("a block of " + unreadBytes + " bytes is too long for a row", null);
    }
    // Grows with the bytes that arrive: a wrong Content-Length must not allocate memory.
    byte[] content = new byte[(int) Math.min(unreadBytes, BUFFER_BYTES)];
    int filled = 0;
    while (unreadBytes > 0) {
      require(1);
      int count = (int) Math.min(buffer.remaining(), unreadBytes);
      if (filled + count > content.length) {
        long grown = Math.max(filled + count, Math.min(2L * content.length, filled + unreadBytes));
        content = java.util.Arrays.copyOf(content, (int) Math.min(grown, Integer.MAX_VALUE - 8));
      }
      buffer.get(content, filled, count);
      filled += count;
      unreadBytes -= count;
    }
    return filled == content.length ? content : java.util.Arrays.copyOf(content, filled);
  }

  private void endBlock() throws IOException {
    while (unreadBytes > 0) {
      require(1);
      int count = (int) Math.min(buffer.remaining(), unreadBytes);
      buffer.position(buffer.position() + count);
      unreadBytes -= count;
    }
    lineEnd();
    lineEnd();
  }

  private void lineEnd() throws IOException {
    require(1);
    byte b = buffer.get();
    if (b == '\r') {
      require(1);
      b = buffer.get();
    }
    if (b != '\n') {
      throw broken(
          "its block of %s bytes is not followed by two line ends".formatted(contentLengthBytes),
          null);
    }
  }

  private void require(int bytes) throws IOException {
    while (buffer.remaining() < bytes) {
      if (!fill()) {
        throw cut();
      }
    }
  }

  private boolean fill() throws IOException {
    buffer.compact();
    try {
      return channel.read(buffer) >= 0;
    } finally {
      buffer.flip();
    }
  }

  private long contentLength(MessageHeaders headers) throws IOException {
    try {
      long length = Long.parseLong(headers.sole("Content-Length").orElse("").strip());
      if (length >= 0) {
        return length;
      }
    } catch (IllegalArgumentException e) {
      // falls through: the message is the same
    }
    throw broken("its Content-Length is " + headers.all("Content-Length"), null);
  }

  private IOException cut() {
    return broken("the object ends in its block of %s bytes".formatted(contentLengthBytes), null);
  }

  private IOException broken(String why, @Nullable Throwable cause) {
    return new IOException(
        "in the record that begins at byte %s, %s".formatted(offset, why), cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Counts the bytes that parser and block consume. */
  private final class Counting implements ReadableByteChannel {
    private final ReadableByteChannel source;

    Counting(ReadableByteChannel source) {
      this.source = source;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      // The parser keeps the header in memory, and asks for more only when all was header.
      if (readBytes >= headerLimit) {
        throw broken("its header is longer than %s bytes".formatted(MAX_HEADER_BYTES), null);
      }
      int count = source.read(target);
      readBytes += Math.max(0, count);
      return count;
    }

    @Override
    public boolean isOpen() {
      return source.isOpen();
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
