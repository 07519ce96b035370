// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.admin;

import io.letsdata.options.Evolving;
import java.util.List;

/**
 * Faults by chance: each synchronous invocation that no planned fault hits is hit with the same
 * probability, by a kind drawn from {@code kinds}. The same seed draws the same numbers; which
 * invocation meets which number depends on the order in which they arrive.
 *
 * @param seed seed of the draws
 * @param rate share of invocations that are hit, 0 to 1
 * @param kinds kinds to draw from, at least one
 * @param millis time of the kinds that take one
 */
@Evolving
public record Chaos(long seed, double rate, List<Fault.Kind> kinds, long millis) {
  public Chaos {
    kinds = List.copyOf(kinds);
    if (!(rate >= 0 && rate <= 1) || kinds.isEmpty() || millis < 0) {
      throw new IllegalArgumentException(
          "Invalid chaos: rate %s, kinds %s, millis %s (must be 0 to 1, at least one, at least 0)"
              .formatted(rate, kinds, millis));
    }
  }
}
