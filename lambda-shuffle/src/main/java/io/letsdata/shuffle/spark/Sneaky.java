// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

/**
 * Throws checked exceptions where Spark's Scala signatures do not declare them: a
 * FetchFailedException is one, and must arrive as itself. Stateless.
 */
final class Sneaky {
  private Sneaky() {}

  /** Always throws; the type lets callers write {@code throw}. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <E extends Throwable> RuntimeException raise(Throwable failure) throws E {
    throw (E) failure;
  }
}
