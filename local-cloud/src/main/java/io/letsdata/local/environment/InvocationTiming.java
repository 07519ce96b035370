// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;

/**
 * The time that an invocation took.
 *
 * @param durationMillis duration of the invoke phase
 * @param initMillis duration of the init phase; 0 when the environment was warm
 * @param coldStart whether the environment was started for this invocation
 */
@Internal
public record InvocationTiming(double durationMillis, double initMillis, boolean coldStart) {

  /** Init and invoke, rounded up. */
  public long billedMillis() {
    return (long) Math.ceil(durationMillis + initMillis);
  }
}
