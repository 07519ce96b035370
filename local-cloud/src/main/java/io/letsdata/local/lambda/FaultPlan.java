// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.admin.Chaos;
import io.letsdata.local.admin.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The faults that have not happened yet, in the order of planning; one invocation is hit by at most
 * one. Thread-safe.
 */
final class FaultPlan {

  private final List<Fault> pending = new ArrayList<>();
  private @Nullable Chaos chaos;
  private Random draws = new Random(0);

  synchronized void add(Fault fault) {
    pending.add(fault);
  }

  /** Replaces the faults by chance. */
  synchronized void chaos(Chaos newChaos) {
    chaos = newChaos;
    draws = new Random(newChaos.seed());
  }

  synchronized void clear() {
    pending.clear();
    chaos = null;
  }

  /** The faults that have not happened yet, each with the number of times that are left. */
  synchronized List<Fault> pending() {
    return List.copyOf(pending);
  }

  /** The first planned fault that matches, which counts as happened; else one by chance. */
  synchronized Optional<Fault> take(String function, byte[] payload) {
    for (int i = 0; i < pending.size(); i++) {
      Fault fault = pending.get(i);
      if (matches(fault, function, payload)) {
        if (fault.times() == 1) {
          pending.remove(i);
        } else {
          pending.set(i, fault.times(fault.times() - 1));
        }
        return Optional.of(fault);
      }
    }
    return byChance();
  }

  private Optional<Fault> byChance() {
    if (chaos == null || draws.nextDouble() >= chaos.rate()) {
      return Optional.empty();
    }
    Fault.Kind kind = chaos.kinds().get(draws.nextInt(chaos.kinds().size()));
    return Optional.of(Fault.next(kind).millis(chaos.millis()));
  }

  /**
   * Plans a fault again, before all others, that could not happen to the invocation it was taken
   * for.
   */
  synchronized void putBack(Fault fault) {
    pending.add(0, fault.times(1));
  }

  private static boolean matches(Fault fault, String function, byte[] payload) {
    String wanted = fault.function();
    String text = fault.payloadContains();
    return (wanted == null || wanted.equals(function))
        && (text == null || contains(payload, text.getBytes(StandardCharsets.UTF_8)));
  }

  private static boolean contains(byte[] payload, byte[] text) {
    for (int i = 0; i + text.length <= payload.length; i++) {
      if (Arrays.equals(payload, i, i + text.length, text, 0, text.length)) {
        return true;
      }
    }
    return false;
  }
}
