// SPDX-License-Identifier: Apache-2.0
/**
 * Requests of the shuffle: repeated, hedged, and counted.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code Interruptibly}: waits for background work
 *   <li>{@code TruncatedBodies}: repeats reads whose bodies broke off
 *   <li>{@code Hedging}: decides when a request is late
 *   <li>{@code HedgedRequest}: one request that may be sent twice
 *   <li>{@code ShuffleAccount}: counts requests and bytes
 *   <li>{@code MeteredStore}: a store that counts on an account
 *   <li>{@code ShuffleReport}: the counts, with names
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.request;

import org.jspecify.annotations.NullMarked;
