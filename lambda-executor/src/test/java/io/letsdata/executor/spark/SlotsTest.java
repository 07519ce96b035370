// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SlotsTest {
  private final Slots slots = new Slots(4);

  @Test
  void allFreeSlotsAreOfferedWhenAskedFor() {
    slots.take(1);
    slots.offerAll();

    assertThat(slots.toOffer(10)).containsExactly(0, 2, 3);
  }

  @Test
  void onlyFreedSlotsAreOfferedAfterAnEndAndOnce() {
    slots.take(1);
    slots.take(2);
    slots.free(2);

    assertThat(slots.toOffer(10)).containsExactly(2);
    assertThat(slots.toOffer(10)).isEmpty();
  }

  @Test
  void slotTakenSinceItWasFreedIsNotOffered() {
    slots.take(2);
    slots.free(2);
    slots.take(2);

    assertThat(slots.toOffer(10)).isEmpty();
  }

  @Test
  void slotsOverTheLimitAreOfferedWithTheNextOffer() {
    slots.offerAll();
    assertThat(slots.toOffer(1)).containsExactly(0);
    slots.take(0);

    slots.offerAll();

    assertThat(slots.toOffer(10)).containsExactly(1, 2, 3);
  }
}
