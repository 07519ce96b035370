// SPDX-License-Identifier: Apache-2.0
/**
 * Counts invocations, seconds and requests of a run, and prices them.
 *
 * <p>In reading order: {@code RunAccount} adds up, from the {@code InvocationReport} of each
 * invocation; {@code RunReport}, with {@code MergeTotals}, is its result for users; {@code Prices}
 * has the list prices.
 */
@NullMarked
package io.letsdata.executor.account;

import org.jspecify.annotations.NullMarked;
