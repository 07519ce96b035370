// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * The unpacked bytes of a WARC object, in a buffer that looks ahead. Not thread-safe; closes its
 * source.
 */
final class WarcInput implements Closeable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int ZSTD_BYTE = ZstdFrames.MAGIC & 0xff;
  private static final int ZSTD_DICTIONARY_BYTE = ZstdFrames.DICTIONARY_MAGIC & 0xff;
  private static final byte[] MARK = "WARC/".getBytes(US_ASCII);

  private final InputStream in;
  private final @Nullable Members members;
  private final byte[] array = new byte[BUFFER_BYTES];

  /** The bytes that were read and not consumed. */
  final ByteBuffer buffer = ByteBuffer.wrap(array).flip();

  /** Closed even when {@link #in} does not read it. */
  private final InputStream closed;

  private long readBytes;

  /** Damage of a later gzip member than the one that is being read. */
  private @Nullable DamagedRecord pending;

  /**
   * The records of a part of an object of gzip members, from the first member that begins a record
   * there.
   *
   * @param startByte of the object where {@code source} begins, and the part
   * @param endByte where the part ends, exclusive
   */
  WarcInput(InputStream source, @Nullable RecordFaults lenient, long startByte, long endByte)
      throws IOException {
    GzipMembers gzip = new GzipMembers(source, lenient, startByte);
    members = gzip;
    in = gzip.seek(MARK, endByte) ? gzip : InputStream.nullInputStream();
    closed = source;
  }

  WarcInput(InputStream source, RecordFaults faults, boolean lenient) throws IOException {
    closed = source;
    PushbackInputStream peekable = new PushbackInputStream(source, 1);
    int first = peekable.read();
    if (first >= 0) {
      peekable.unread(first);
    }
    if (first == GzipMembers.MAGIC_1) {
      GzipMembers gzip = new GzipMembers(peekable, lenient ? faults : null);
      members = gzip;
      in = gzip;
    } else if (first == ZSTD_BYTE || first == ZSTD_DICTIONARY_BYTE) {
      ZstdFrames zstd = new ZstdFrames(peekable);
      members = zstd;
      in = zstd;
    } else {
      members = null;
      in = peekable;
    }
  }

  /** The byte of the object where the next byte is; for gzip, where its member begins. */
  long offset() {
    return members == null ? position() : members.memberStart();
  }

  /** Whether the next byte is in the gzip member that begins at {@code memberStart}. */
  boolean isStillInMember(long memberStart) {
    return members != null && buffer.hasRemaining() && members.memberStart() == memberStart;
  }

  /** The byte of the unpacked object that is next. */
  private long position() {
    return readBytes - buffer.remaining();
  }

  /** Reads more; false at the end of the object. */
  boolean fill() throws IOException {
    DamagedRecord damage = pending;
    if (damage != null) {
      pending = null;
      throw damage;
    }
    buffer.compact();
    try {
      int count = in.read(array, buffer.position(), buffer.remaining());
      if (count > 0) {
        readBytes += count;
        buffer.position(buffer.position() + count);
      }
      return count >= 0;
    } finally {
      buffer.flip();
    }
  }

  /** At least one byte is there; false at the end of the object. */
  boolean more() throws IOException {
    return buffer.hasRemaining() || fill();
  }

  /**
   * As {@link #fill}, after a whole record: damage of the next gzip member is not damage of this
   * record, so it waits for the next call.
   */
  private boolean fillBetweenRecords() throws IOException {
    long member = offset();
    try {
      return fill();
    } catch (DamagedRecord e) {
      if (members == null || offset() == member) {
        throw e;
      }
      pending = e;
      return false;
    }
  }

  /** Consumes line ends, however many there are; gives the number of line feeds. */
  int skipLineEnds() throws IOException {
    int lineFeeds = 0;
    while (buffer.hasRemaining() || (pending == null && fillBetweenRecords())) {
      byte b = buffer.get(buffer.position());
      if (b != '\r' && b != '\n') {
        break;
      }
      buffer.get();
      lineFeeds += b == '\n' ? 1 : 0;
    }
    return lineFeeds;
  }

  /** Whether a record begins here, as far as five bytes tell. */
  boolean isAtRecord() throws IOException {
    return mayBeAtRecord() && buffer.remaining() >= MARK.length;
  }

  /** As above, or the object ends within these five bytes. */
  boolean mayBeAtRecord() throws IOException {
    boolean more = true;
    while (more && buffer.remaining() < MARK.length && pending == null) {
      more = fillBetweenRecords();
    }
    int length = Math.min(buffer.remaining(), MARK.length);
    return ByteBuffer.wrap(MARK, 0, length).equals(buffer.slice(buffer.position(), length));
  }

  /** The bytes at the position, at most {@code atMost} of those that were read. */
  byte[] seen(int atMost) {
    byte[] bytes = new byte[Math.min(atMost, buffer.remaining())];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  /**
   * Consumes a header with its empty line.
   *
   * @return empty when the object ends or {@code maxBytes} are reached first
   */
  byte @Nullable [] header(int maxBytes) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    int lineBytes = 0;
    while (header.size() < maxBytes && more()) {
      byte b = buffer.get();
      header.write(b);
      if (b == '\n') {
        if (lineBytes == 0) {
          return header.toByteArray();
        }
        lineBytes = 0;
      } else if (b != '\r') {
        lineBytes++;
      }
    }
    return null;
  }

  /**
   * Consumes everything up to the next line, or gzip member, that begins like a record, or to the
   * end of the object.
   */
  void skipToRecord() throws IOException {
    boolean lineStart = true;
    while (true) {
      try {
        if (members != null && members.isDamaged()) {
          members.skipToNextMember();
          buffer.position(buffer.limit());
          lineStart = true;
        }
        long member = offset();
        if (!buffer.hasRemaining()) {
          if (!fill()) {
            return;
          }
          lineStart |= members != null && offset() != member;
        }
        if (lineStart && isAtRecord()) {
          return;
        }
        lineStart = skipLine();
      } catch (DamagedRecord e) {
        lineStart = false; // the gzip member is damaged: the loop looks for another
      }
    }
  }

  /** Consumes a line; false when the buffer ends first. */
  private boolean skipLine() {
    while (buffer.hasRemaining()) {
      if (buffer.get() == '\n') {
        return true;
      }
    }
    return false;
  }

  /** The bytes for a parser that keeps what it reads in memory. */
  ReadableByteChannel channel(int maxBytes) {
    return new Limited(position() + maxBytes);
  }

  boolean isGzip() {
    return members instanceof GzipMembers;
  }

  /** Whether {@code text} begins here. */
  boolean isAt(byte[] text) throws IOException {
    while (buffer.remaining() < text.length) {
      if (!fill()) {
        return false;
      }
    }
    return ByteBuffer.wrap(text).equals(buffer.slice(buffer.position(), text.length));
  }

  /**
   * Consumes a line with its end.
   *
   * @return null when the object ends or {@code maxBytes} are reached first
   */
  byte @Nullable [] line(int maxBytes) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < maxBytes && more()) {
      byte b = buffer.get();
      line.write(b);
      if (b == '\n') {
        return line.toByteArray();
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    in.close();
    closed.close();
  }

  /** Fails when a parser has consumed all up to a limit and asks for more. */
  private final class Limited implements ReadableByteChannel {
    private final long limit;

    Limited(long limit) {
      this.limit = limit;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (readBytes >= limit) {
        throw new WarcHeader.NotAHeader(
            "is longer than " + WarcRecords.MAX_HEADER_BYTES + " bytes");
      }
      byte[] bytes = new byte[target.remaining()];
      int count = in.read(bytes, 0, bytes.length);
      if (count > 0) {
        readBytes += count;
        target.put(bytes, 0, count);
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
