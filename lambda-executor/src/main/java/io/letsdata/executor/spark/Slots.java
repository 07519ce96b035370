// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The free slots. Spark asks for all of them when a stage is submitted and once a second; when
 * tasks end, only their slots are offered, so an end costs the same for any number of slots.
 * Thread-safe.
 */
final class Slots {
  private final int count;

  // Guarded by this.
  private final BitSet busy = new BitSet();
  private final BitSet freed = new BitSet();
  private boolean all;

  Slots(int count) {
    this.count = count;
  }

  synchronized void take(int slot) {
    busy.set(slot);
    freed.clear(slot);
  }

  synchronized void free(int slot) {
    busy.clear(slot);
    freed.set(slot);
  }

  /** Makes the next {@link #toOffer} return every free slot. */
  synchronized void offerAll() {
    all = true;
  }

  /**
   * Slots to offer now, the lowest first: all free ones after {@link #offerAll}, else those freed
   * since the last call.
   *
   * @param atMost how many at most; the rest is returned after the next {@link #offerAll}
   */
  synchronized List<Integer> toOffer(int atMost) {
    List<Integer> slots = new ArrayList<>();
    if (all) {
      for (int s = busy.nextClearBit(0);
          s < count && slots.size() < atMost;
          s = busy.nextClearBit(s + 1)) {
        slots.add(s);
      }
    } else {
      for (int s = freed.nextSetBit(0);
          s >= 0 && slots.size() < atMost;
          s = freed.nextSetBit(s + 1)) {
        slots.add(s);
      }
    }
    all = false;
    freed.clear();
    return slots;
  }
}
