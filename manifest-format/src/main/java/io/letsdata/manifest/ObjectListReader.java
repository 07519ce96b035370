// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads text lists (SPEC.md, "List"), as bytes, so that messages can name the byte. */
final class ObjectListReader {
  // Upper case only, and never before "//": logs/a:b and s3://bucket/key are keys.
  private static final Pattern TYPED = Pattern.compile("[A-Z][A-Z0-9_]*:(?!//).*");

  private static final int MAX_LINE_BYTES = 1024 * 1024;

  private final String sourceName;
  private final int maxEntries;
  private final List<ListLine> lines = new ArrayList<>();
  private int lineNumber;
  private int keys;

  private ObjectListReader(String sourceName, int maxEntries) {
    this.sourceName = sourceName;
    this.maxEntries = maxEntries;
  }

  /** Reads UTF-8 {@code bytes} from {@code start}, the byte after the byte-order mark. */
  static ObjectList read(
      byte[] bytes, int start, String sourceName, Optional<String> defaultBucket, int maxEntries)
      throws ManifestException {
    ObjectListReader reader = new ObjectListReader(sourceName, maxEntries);
    int lineStart = start;
    while (lineStart < bytes.length) {
      int end = lineStart;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      reader.lineNumber++;
      reader.line(bytes, lineStart, end);
      lineStart = end + 1;
    }
    return new ObjectList(sourceName, reader.lines, defaultBucket);
  }

  private void line(byte[] bytes, int lineStart, int lineEnd) throws ManifestException {
    int start = lineStart;
    int end = lineEnd;
    while (start < end && isBlank(bytes[start])) {
      start++;
    }
    while (end > start && isBlank(bytes[end - 1])) {
      end--;
    }
    if (start == end || bytes[start] == '#') {
      return;
    }
    if (end - start > MAX_LINE_BYTES) {
      throw unreadable("longer than " + MAX_LINE_BYTES + " bytes. Put fewer keys on it");
    }
    for (int i = start; i < end; i++) {
      if ((bytes[i] >= 0 && bytes[i] < ' ') || bytes[i] == 0x7f) {
        throw unreadable(
            "control character 0x%02x at byte %s: this is not a list of keys. Name a text or JSON manifest, not a data file"
                .formatted(bytes[i], i));
      }
    }
    Map<String, String> keysByType = keysByType(text(bytes, start, end));
    lines.add(new ListLine(lineNumber, keysByType));
  }

  private void countKey() throws ManifestException {
    if (++keys > maxEntries) {
      throw unreadable("more than " + maxEntries + " keys. Split the list into several");
    }
  }

  private Map<String, String> keysByType(String line) throws ManifestException {
    if (!TYPED.matcher(line).matches()) {
      countKey();
      return Map.of(ListLine.UNTYPED, line);
    }
    Map<String, String> keys = new HashMap<>();
    for (String pair : line.split("\\|", -1)) {
      countKey();
      String trimmed = pair.strip();
      if (!TYPED.matcher(trimmed).matches()) {
        throw unreadable(
            "'"
                + trimmed
                + "' is not TYPE:key, although the line begins so. Write TYPE:key|TYPE:key");
      }
      int colon = trimmed.indexOf(':');
      String type = trimmed.substring(0, colon);
      String key = trimmed.substring(colon + 1).strip();
      if (key.isEmpty()) {
        throw unreadable("type " + type + " has no key. Write " + type + ":key");
      }
      if (keys.put(type, key) != null) {
        throw unreadable("type " + type + " is named twice. Keep one");
      }
    }
    return keys;
  }

  private String text(byte[] bytes, int start, int end) throws ManifestException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, end - start))
          .toString();
    } catch (CharacterCodingException e) {
      throw unreadable("bytes " + start + " to " + end + " are not UTF-8. Save the list as UTF-8");
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  private ManifestException unreadable(String why) {
    return ManifestException.unreadable(sourceName, "line " + lineNumber + ": " + why + ".");
  }
}
