// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import io.letsdata.shuffle.format.MapRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The driver's last answer for each shuffle: up to a number of bytes, the least recently used is
 * dropped first. Thread-safe.
 */
final class OffsetsAnswers {
  /**
   * An answer.
   *
   * @param winners digest of the map outputs that it names
   * @param again how often it was recreated for readers that could not read it
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record Answer(String winners, byte[] bytes, int again) {}

  private final long mostBytes;
  private final Map<Integer, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);
  private long retainedBytes;

  /** Keeps {@code mostBytes}, and the last answer however large it is. */
  OffsetsAnswers(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  synchronized Optional<Answer> find(int shuffleId, String winners) {
    return Optional.ofNullable(answers.get(shuffleId))
        .filter(answer -> answer.winners().equals(winners));
  }

  synchronized void put(int shuffleId, Answer answer) {
    forget(shuffleId);
    answers.put(shuffleId, answer);
    retainedBytes += answer.bytes().length;
    Iterator<Answer> oldest = answers.values().iterator();
    while (retainedBytes > mostBytes && answers.size() > 1) {
      retainedBytes -= oldest.next().bytes().length;
      oldest.remove();
    }
  }

  synchronized void forget(int shuffleId) {
    Answer gone = answers.remove(shuffleId);
    retainedBytes -= gone == null ? 0 : gone.bytes().length;
  }

  synchronized long retainedBytes() {
    return retainedBytes;
  }

  /** Equal only for equal lists of map outputs; a list of 10,000 would take a megabyte. */
  static String digest(List<MapRef> winners) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer mapId = ByteBuffer.allocate(Long.BYTES);
      for (MapRef winner : winners) {
        digest.update(mapId.clear().putLong(winner.mapId()).flip());
        digest.update(winner.nonce().getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) 0);
      }
      return new java.math.BigInteger(1, digest.digest()).toString(16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
