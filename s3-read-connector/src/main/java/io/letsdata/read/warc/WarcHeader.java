// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Locale;
import org.netpreserve.jwarc.MessageHeaders;
import org.netpreserve.jwarc.ParsingException;
import org.netpreserve.jwarc.WarcParser;

/** Parses the header of a record with jwarc, whose own types stay in here. Not thread-safe. */
final class WarcHeader {
  private final WarcParser parser = new WarcParser();

  WarcHeader() {
    parser.setLenient(true);
  }

  /**
   * Parses the header that begins at {@code buffer}'s position; more comes from {@code channel}.
   *
   * @throws EOFException when the channel ends first
   * @throws IOException saying why it is no header, without the place
   */
  MessageHeaders parse(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
    parser.reset();
    try {
      if (!parser.parse(channel, buffer)) {
        throw new EOFException();
      }
      if (!parser.version().getProtocol().equals("WARC")) {
        throw new NotAHeader("is not WARC: it is " + parser.version());
      }
      return parser.headers();
    } catch (ParsingException e) {
      // Without the cause: a driver that lacks jwarc cannot read it back.
      throw new NotAHeader("is not WARC: " + e.getBaseMessage());
    }
  }

  /** As above, of a header that is complete and tidy. */
  MessageHeaders parse(byte[] header) throws IOException {
    return parse(
        Channels.newChannel(new ByteArrayInputStream(new byte[0])), ByteBuffer.wrap(header));
  }

  /** The reason why bytes are no header of a record, as the end of a sentence about the header. */
  static final class NotAHeader extends IOException {
    private static final long serialVersionUID = 1L;

    NotAHeader(String why) {
      super(why);
    }
  }

  /**
   * A header as the standard wants it.
   *
   * @param bytes with its empty line
   * @param dropped number of lines and blanks that were taken away
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record Tidy(byte[] bytes, int dropped) {}

  /**
   * Takes away what other readers pass over: blanks after the version, and lines without a colon
   * that continue no other.
   */
  static Tidy tidy(byte[] header) {
    StringBuilder text = new StringBuilder(header.length);
    int dropped = 0;
    String[] lines = new String(header, ISO_8859_1).split("\n", -1);
    for (int i = 0; i < lines.length - 1; i++) {
      String line =
          lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i];
      boolean version = i == 0;
      boolean continues = line.startsWith(" ") || line.startsWith("\t");
      if (version && !line.equals(line.stripTrailing())) {
        line = line.stripTrailing();
        dropped++;
      } else if (!version && !line.isEmpty() && !continues && line.indexOf(':') <= 0) {
        dropped++;
        continue;
      }
      text.append(line).append("\r\n");
    }
    return new Tidy(text.toString().getBytes(ISO_8859_1), dropped);
  }

  /**
   * A remark on bytes that begin no record: the kind of file that they look like; empty when
   * unknown.
   */
  static String kindOf(byte[] first) {
    String text = new String(first, ISO_8859_1).stripLeading().toLowerCase(Locale.ROOT);
    if (text.startsWith("filedesc:")) {
      return " (it begins like an arc file)";
    }
    if (text.startsWith("pk\u0003\u0004")) {
      return " (it begins like a zip file, such as a wacz; unpack it and read the warc files in it)";
    }
    if (text.startsWith("<")) {
      return " (it begins like html or xml, such as an error page)";
    }
    if (text.startsWith("{")) {
      return " (it begins like json)";
    }
    return Arrays.equals(first, 0, Math.min(2, first.length), new byte[] {0x1f, (byte) 0x8b}, 0, 2)
        ? " (it is gzip within gzip)"
        : "";
  }
}
