// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.planted;

/** A planted breach: no marker, and a constructor of eight parameters. */
public final class EightParameters {
  private final int sum;

  /** Takes too much. */
  public EightParameters(int a, int b, int c, int d, int e, int f, int g, int h) {
    sum = a + b + c + d + e + f + g + h;
  }

  /** The sum of all. */
  public int sum() {
    return sum;
  }
}
