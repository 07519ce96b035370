// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.options.Internal;

/**
 * Throws checked exceptions where Spark's Scala signatures do not declare them: a
 * FetchFailedException is one, and must arrive as itself. Stateless.
 */
@Internal
public final class Rethrow {
  private Rethrow() {}

  /** Always throws; the type lets callers write {@code throw}. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public static <E extends Throwable> RuntimeException raise(Throwable failure) throws E {
    throw (E) failure;
  }
}
