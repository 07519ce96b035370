// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;

/**
 * Names one execution of one map task attempt inside a shuffle. Spark's map id names the attempt;
 * the nonce names the execution, because an attempt whose response was lost is executed twice and
 * the two executions must never share a key. Immutable.
 *
 * @param mapId Spark's map id, which is the task attempt id; at least 0
 * @param nonce 1 to 64 letters, digits or underscores; unique to the execution
 */
@Internal
public record MapRef(long mapId, String nonce) {
  public static final int MAX_NONCE_LENGTH = 64;

  /** Refuses a negative map id and a nonce that cannot be part of a key. */
  public MapRef {
    if (mapId < 0) {
      throw new IllegalArgumentException("Invalid map id: " + mapId + " (must be at least 0)");
    }
    if (!isNonce(nonce)) {
      throw new IllegalArgumentException(
          "Invalid nonce: '" + nonce + "' (must be 1 to 64 letters, digits or underscores)");
    }
  }

  /**
   * Reads a map id and a nonce.
   *
   * @throws ShuffleFormatException when they are none, or the bytes end before
   */
  public static MapRef read(ByteSource source) throws ShuffleFormatException {
    long mapId = source.varint("a map id", Long.MAX_VALUE);
    String nonce = source.text(MAX_NONCE_LENGTH);
    if (!isNonce(nonce)) {
      throw source.damaged("'" + nonce + "' is no nonce");
    }
    return new MapRef(mapId, nonce);
  }

  /** A loop: readers of a wide shuffle check thousands before they read anything. */
  private static boolean isNonce(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isDigit = c >= '0' && c <= '9';
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!isDigit && !isLetter && c != '_') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_NONCE_LENGTH;
  }
}
