// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.netpreserve.jwarc.MessageHeaders;

/**
 * The header line of a record of ARC, the format before WARC (Internet Archive, 1996), as headers
 * of WARC. Version 1 has five fields: URL, IP address, date, content type, length; version 2 has
 * ten, of which the first four and the last are these. Pure.
 */
final class ArcHeader {
  /** The first record of a file is about the file. */
  static final String FILE = "filedesc:";

  private static final int V1_FIELDS = 5;
  private static final int V2_FIELDS = 10;
  private static final int V2_DATE = 2;

  private ArcHeader() {}

  /**
   * Reads the line.
   *
   * @param line with or without its end
   * @throws WarcHeader.NotAHeader saying why it is none
   */
  static MessageHeaders parse(byte[] line) throws WarcHeader.NotAHeader {
    List<String> fields = Arrays.asList(new String(line, ISO_8859_1).strip().split(" ", -1));
    boolean v2 =
        fields.size() >= V2_FIELDS && isDate(fields.get(fields.size() - V2_FIELDS + V2_DATE));
    int count = v2 ? V2_FIELDS : V1_FIELDS;
    if (fields.size() < count) {
      throw new WarcHeader.NotAHeader("is not ARC: it has %s fields".formatted(fields.size()));
    }
    // A URL may have blanks: the other fields are counted from the end.
    int address = fields.size() - count + 1;
    String date = fields.get(address + 1);
    if (!isDate(date)) {
      throw new WarcHeader.NotAHeader("is not ARC: its date is '%s'".formatted(date));
    }
    String url = String.join(" ", fields.subList(0, address));
    String scheme = url.toLowerCase(Locale.ROOT);
    boolean http = scheme.startsWith("http:") || scheme.startsWith("https:");
    boolean file = scheme.startsWith(FILE);
    return MessageHeaders.of(
        "WARC-Type",
        file ? "warcinfo" : http ? "response" : "resource",
        "WARC-Target-URI",
        url,
        "WARC-IP-Address",
        fields.get(address),
        "WARC-Date",
        date,
        "Content-Type",
        http ? "application/http; msgtype=response" : fields.get(address + 2),
        "Content-Length",
        fields.get(fields.size() - 1));
  }

  private static boolean isDate(String text) {
    return text.matches("[0-9]{12,17}");
  }
}
