package io.letsdata.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answer header {@code Content-Range: bytes <first>-<last>/<length>} (RFC 9110, 14.4). */
record ContentRange(ByteRange range, long objectLengthBytes) {

  private static final Pattern FORM = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");

  static ContentRange parse(String header) throws StoreException {
    Matcher matcher = FORM.matcher(header);
    if (!matcher.matches()) {
      throw new StoreException("Cannot read Content-Range '" + header + "': unknown form.");
    }
    return new ContentRange(
        new ByteRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)) + 1),
        Long.parseLong(matcher.group(3)));
  }

  static ContentRange whole(long lengthBytes) {
    return new ContentRange(new ByteRange(0, lengthBytes), lengthBytes);
  }
}
