// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

/**
 * SplitMix64: the same numbers for the same seed on every JDK, which no class of java.util promises
 * for its default generators.
 *
 * <p>Not thread-safe.
 */
final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix(long seed) {
    this.state = seed;
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** In [0, bound); bound at least 1. */
  int below(int bound) {
    // Multiply-shift of the upper 32 bits: the bias at bounds below a million is under 1 in 4,000.
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** In [0, 1). */
  double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  boolean chance(double probability) {
    return nextDouble() < probability;
  }

  /**
   * Mean 0, variance 1 (Box-Muller); StrictMath, because Math may differ in the last bit between
   * machines.
   */
  double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
  }
}
