// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.ByteRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The response header {@code Content-Range: bytes <first>-<last>/<length>} (RFC 9110, 14.4). */
record ContentRange(ByteRange range, long objectLengthBytes) {

  private static final Pattern FORM = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /** Empty when it has another form or contradicts itself: then the response is incomplete. */
  static Optional<ContentRange> parse(String header) {
    Matcher matcher = FORM.matcher(header);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long start = Long.parseLong(matcher.group(1));
    long end = Long.parseLong(matcher.group(2)) + 1;
    long objectLengthBytes = Long.parseLong(matcher.group(3));
    return start < end && end <= objectLengthBytes
        ? Optional.of(new ContentRange(new ByteRange(start, end), objectLengthBytes))
        : Optional.empty();
  }

  static ContentRange whole(long lengthBytes) {
    return new ContentRange(new ByteRange(0, lengthBytes), lengthBytes);
  }
}
