// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.letsdata.options.Internal;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.netpreserve.jwarc.MessageHeaders;

/**
 * The records of one WARC, WET, WAT or ARC object, plain, gzip or zstd, in order. jwarc parses the
 * headers leniently: lines may end in LF. This class frames the blocks, because a truncated object
 * must be an error that names the byte (jwarc's reader logs a warning and continues). {@link
 * WarcOptions} decides what happens to an object that deviates from the standard.
 *
 * <p>A block that is not requested is skipped, not copied. Not thread-safe; closes its source.
 */
@Internal
public final class WarcRecords implements Closeable {
  /** Longest header of a record; real ones have some hundred bytes. */
  static final int MAX_HEADER_BYTES = 1024 * 1024;

  private static final int COPY_BYTES = 64 * 1024;
  private static final int SHOWN_BYTES = 16;
  private static final byte[] ARC = ArcHeader.FILE.getBytes(US_ASCII);

  private final WarcOptions options;
  private final RecordFaults faults = new RecordFaults();
  private final WarcInput input;
  private final long endByte;
  private final WarcHeader parser = new WarcHeader();
  private long offset;
  private long contentLengthBytes;
  private long unreadBytes;
  private boolean arc;
  private LeftOut leftOut = (startByte, endByte, type, damage) -> {};
  private boolean started;
  private boolean inRecord;
  private MessageHeaders headers = MessageHeaders.of();

  /** As the other constructor, with the defaults: every deviation is an error. */
  public WarcRecords(InputStream source) throws IOException {
    this(source, WarcOptions.DEFAULT);
  }

  /**
   * Reads the first byte of {@code source}, which is that of the object.
   *
   * @throws IOException also for zstd
   */
  public WarcRecords(InputStream source, WarcOptions options) throws IOException {
    this.options = options;
    this.input = new WarcInput(source, faults, options.isLenient());
    this.endByte = Long.MAX_VALUE;
  }

  /**
   * Reads the records that begin in {@code [startByte, endByte)} of an object whose records are
   * gzip members. The last of them may end behind {@code endByte}; an object that is one member has
   * all records in its first part.
   *
   * @param source from {@code startByte} to the end of the object, as far as it is read
   * @throws DamagedRecord when the first part shows that the object is not gzip: the other parts
   *     have found no record
   */
  public WarcRecords(InputStream source, WarcOptions options, long startByte, long endByte)
      throws IOException {
    this.options = options;
    this.endByte = endByte;
    if (startByte > 0) {
      this.input = new WarcInput(source, options.isLenient() ? faults : null, startByte, endByte);
      this.started = true;
    } else {
      this.input = new WarcInput(source, faults, options.isLenient());
      if (!input.isGzip() && input.more()) {
        throw DamagedRecord.at(
            "the name says gzip and it is not, so it cannot be split. Read it without 'split-size'");
      }
    }
  }

  /**
   * Moves to the next record.
   *
   * @return false at the end of the object
   * @throws DamagedRecord with the error and its byte, without the name of the object; never with
   *     {@code dropmalformed}
   */
  public boolean next() throws IOException {
    while (true) {
      try {
        if (inRecord) {
          finish();
        }
        return header();
      } catch (DamagedRecord e) {
        leaveOut(e);
      }
    }
  }

  /**
   * Leaves out a record that a method of this class could not read: {@link #next} then gives the
   * next readable one.
   *
   * @throws DamagedRecord {@code damage}, unless the mode is {@code dropmalformed}
   */
  public void leaveOut(DamagedRecord damage) throws IOException {
    if (!options.dropsDamaged()) {
      throw damage;
    }
    faults.leaveOut(damage);
    long start = offset;
    Optional<String> type = inRecord ? headers.first("WARC-Type") : Optional.empty();
    long end = -1;
    if (!damage.isFramed()) {
      inRecord = false;
      input.skipToRecord();
      end = input.buffer.hasRemaining() && input.offset() > start ? input.offset() : -1;
    }
    leftOut.accept(start, end, type, damage);
  }

  /** The deviations and the damage of the object until now. */
  public RecordFaults faults() {
    return faults;
  }

  /** Receives what is left out, place by place. */
  public interface LeftOut {
    /**
     * Receives one place.
     *
     * @param startByte of the object where the record begins, or its gzip member
     * @param endByte where the next readable record begins; -1 when unknown
     * @param type of the record; empty when its header is not readable
     */
    void accept(long startByte, long endByte, Optional<String> type, DamagedRecord damage)
        throws IOException;
  }

  /** From here, {@code receiver} gets what is left out. */
  public void onLeftOut(LeftOut receiver) {
    leftOut = receiver;
  }

  private boolean header() throws IOException {
    if (options.isLenient() && !started && input.skipLineEnds() > 0) {
      faults.accept("line ends before the first record");
    }
    started = true;
    boolean more;
    try {
      more = input.more();
    } finally {
      offset = input.offset(); // also of a gzip member whose first bytes are damaged
    }
    if (!more) {
      return false;
    }
    if (offset >= endByte) {
      return false;
    }
    byte[] first = input.seen(SHOWN_BYTES);
    try {
      arc |= offset == 0 && input.isAt(ARC);
      headers = arc ? arcHeader() : options.isLenient() ? lenientHeader() : strictHeader();
    } catch (WarcHeader.NotAHeader e) {
      throw broken("its header " + e.getMessage() + WarcHeader.kindOf(first));
    } catch (EOFException e) {
      throw broken("the object ends in its header" + WarcHeader.kindOf(first));
    }
    contentLengthBytes = contentLength(headers);
    unreadBytes = contentLengthBytes;
    inRecord = true;
    return true;
  }

  private MessageHeaders strictHeader() throws IOException {
    return parser.parse(input.channel(MAX_HEADER_BYTES), input.buffer);
  }

  private MessageHeaders arcHeader() throws IOException {
    byte[] line = input.line(MAX_HEADER_BYTES);
    if (line == null) {
      throw input.more()
          ? new WarcHeader.NotAHeader("is longer than " + MAX_HEADER_BYTES + " bytes")
          : new EOFException();
    }
    return ArcHeader.parse(line);
  }

  private MessageHeaders lenientHeader() throws IOException {
    if (!input.isAtRecord()) {
      throw new WarcHeader.NotAHeader("is not WARC");
    }
    byte[] header = input.header(MAX_HEADER_BYTES);
    if (header == null) {
      throw input.more()
          ? new WarcHeader.NotAHeader("is longer than " + MAX_HEADER_BYTES + " bytes")
          : new EOFException();
    }
    WarcHeader.Tidy tidy = WarcHeader.tidy(header);
    MessageHeaders parsed = parser.parse(tidy.bytes());
    if (tidy.dropped() > 0) {
      faults.accept("lines without a colon in the header at byte " + offset);
    }
    return parsed;
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
   *
   * @param atMost at most 64 KiB
   */
  public byte[] peek(int atMost) throws IOException {
    int wanted = (int) Math.min(atMost, unreadBytes);
    require(wanted);
    return input.seen(wanted);
  }

  /**
   * The whole block; called at most once per record.
   *
   * @throws DamagedRecord also when it is longer than the limit
   */
  public byte[] content() throws IOException {
    if (unreadBytes > options.maxRecordBytes()) {
      throw DamagedRecord.framed(
          "in the record that begins at byte %s, the block has %s bytes, and 'max-record-bytes' is %s"
              .formatted(offset, unreadBytes, options.maxRecordBytes()));
    }
    // Grows with the bytes that arrive: a wrong Content-Length must not allocate memory.
    byte[] content = new byte[(int) Math.min(unreadBytes, COPY_BYTES)];
    int filled = 0;
    while (unreadBytes > 0) {
      require(1);
      int count = (int) Math.min(input.buffer.remaining(), unreadBytes);
      if (filled + count > content.length) {
        long grown = Math.max(filled + count, Math.min(2L * content.length, filled + unreadBytes));
        content = java.util.Arrays.copyOf(content, (int) Math.min(grown, Integer.MAX_VALUE - 8));
      }
      input.buffer.get(content, filled, count);
      filled += count;
      unreadBytes -= count;
    }
    return filled == content.length ? content : java.util.Arrays.copyOf(content, filled);
  }

  /**
   * Consumes the rest of the record. {@link #next} does so too; a reader that must not give a
   * damaged record away calls it first.
   *
   * @throws DamagedRecord when the record ends early or otherwise than its header states
   */
  public void finish() throws IOException {
    while (unreadBytes > 0) {
      require(1);
      int count = (int) Math.min(input.buffer.remaining(), unreadBytes);
      input.buffer.position(input.buffer.position() + count);
      unreadBytes -= count;
    }
    if (options.isLenient()) {
      lenientEnd();
    } else {
      lineEnd();
      if (!arc) {
        lineEnd();
      }
    }
    inRecord = false;
  }

  private void lenientEnd() throws IOException {
    int lineEnds = input.skipLineEnds();
    // Junk within the member that a record is in: without the member's end, its CRC is unknown.
    boolean doubtful = !arc && (lineEnds < 2 || input.isStillInMember(offset));
    if (doubtful && !input.mayBeAtRecord()) {
      throw broken(
          "its block of %s bytes is not followed by a record".formatted(contentLengthBytes));
    }
    if (lineEnds != (arc ? 1 : 2)) {
      faults.accept("%s line ends after the record at byte %s".formatted(lineEnds, offset));
    }
  }

  private void lineEnd() throws IOException {
    require(1);
    byte b = input.buffer.get();
    if (b == '\r') {
      require(1);
      b = input.buffer.get();
    }
    if (b != '\n') {
      throw broken(
          "its block of %s bytes is not followed by two line ends".formatted(contentLengthBytes));
    }
  }

  private void require(int bytes) throws IOException {
    while (input.buffer.remaining() < bytes) {
      if (!input.fill()) {
        throw broken("the object ends in its block of %s bytes".formatted(contentLengthBytes));
      }
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
    throw broken("its Content-Length is " + headers.all("Content-Length"));
  }

  /** The exception for the current record, whose payload is too long once it is decoded. */
  public DamagedRecord tooLong(HttpMessage.TooLong cause) {
    return DamagedRecord.framed(
        "in the record that begins at byte %s, %s: 'max-record-bytes' is %s"
            .formatted(offset, cause.getMessage(), options.maxRecordBytes()));
  }

  private DamagedRecord broken(String why) {
    return DamagedRecord.at("in the record that begins at byte %s, %s".formatted(offset, why));
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
