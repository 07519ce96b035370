package io.letsdata.shuffle;

import java.util.regex.Pattern;

/**
 * Names one run of one map task attempt inside a shuffle. Spark's map id names the attempt; the
 * nonce names the run, because an attempt whose answer was lost is run twice and the two runs must
 * never share a key. Immutable.
 *
 * @param mapId Spark's map id, which is the task attempt id; at least 0
 * @param nonce 1 to 64 letters, digits or underscores; unique to the run
 */
public record MapRef(long mapId, String nonce) {
  static final int MAX_NONCE_LENGTH = 64;
  private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_]{1," + MAX_NONCE_LENGTH + "}");

  /** Refuses a negative map id and a nonce that cannot be part of a key. */
  public MapRef {
    if (mapId < 0) {
      throw new IllegalArgumentException("Invalid map id: " + mapId + " (must be at least 0)");
    }
    if (!NONCE.matcher(nonce).matches()) {
      throw new IllegalArgumentException(
          "Invalid nonce: '" + nonce + "' (must be 1 to 64 letters, digits or underscores)");
    }
  }
}
