// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One line of a list, which becomes one task. It has either one untyped key, or one key for each of
 * several types ({@code WARC:a|WET:b}).
 *
 * @param lineNumber from 1, as an editor shows it
 * @param keysByType key or {@code s3://} URI by upper-case type; the untyped key has the type
 *     {@link #UNTYPED}
 */
@Internal
public record ListLine(int lineNumber, Map<String, String> keysByType) {
  /** The type of a line without a type. */
  public static final String UNTYPED = "";

  public ListLine {
    if (lineNumber < 1 || keysByType.isEmpty()) {
      throw new IllegalArgumentException(
          "line " + lineNumber + " has " + keysByType.size() + " keys");
    }
    keysByType = Map.copyOf(keysByType);
  }

  /**
   * The key to read for {@code type}. An untyped line has the same key for each type; a line with
   * one type needs no choice.
   *
   * @throws IllegalArgumentException with the reason why there is no single key, without a period
   *     at its end
   */
  String keyOf(Optional<String> type) {
    String untyped = keysByType.get(UNTYPED);
    if (untyped != null) {
      return untyped;
    }
    String known = String.join(", ", new TreeMap<>(keysByType).keySet());
    if (type.isPresent()) {
      String key = keysByType.get(type.get());
      if (key == null) {
        throw new IllegalArgumentException(
            "no object of type " + type.get() + " (known: " + known + ")");
      }
      return key;
    }
    if (keysByType.size() > 1) {
      throw new IllegalArgumentException(
          "several types (" + known + ") and none chosen (set the option 'type')");
    }
    return keysByType.values().iterator().next();
  }
}
