// SPDX-License-Identifier: Apache-2.0
/**
 * Proxies between a client and a server, for tests and benchmarks.
 *
 * <p>Classes in reading order: {@link DelayProxy}, {@link Throttle}.
 */
@NullMarked
package io.letsdata.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
