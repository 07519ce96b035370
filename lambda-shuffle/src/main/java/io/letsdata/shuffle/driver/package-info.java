// SPDX-License-Identifier: Apache-2.0
/**
 * The driver's record of map outputs and merged objects, and the plan of an exchange.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code OutputRegistry}: takes reports; the entry of this package
 *   <li>{@code KnownShuffles}: all shuffles and their memory
 *   <li>{@code KnownOutputs}: the map outputs of one shuffle
 *   <li>{@code KnownMerges}: the merges of one shuffle
 *   <li>{@code DriverBounds}: the bounds of the driver's memory
 *   <li>{@code OffsetsMover}: keeps the bounds
 *   <li>{@code OffsetsTables}: makes tables for readers
 *   <li>{@code MergedTables}: the rows of a table, merged objects included
 *   <li>{@code ExchangePlan}: chooses how map outputs reach their readers
 *   <li>{@code ExchangeShape}: the facts of an exchange
 *   <li>{@code ExchangeOptions}: the session's settings
 *   <li>{@code ExchangeCost}: the expected cost of a plan
 *   <li>{@code ExchangePrices}: prices of requests and functions
 *   <li>{@code ExchangeSpeeds}: speeds of the store and the tasks
 *   <li>{@code MergePlanner}: makes merge jobs
 *   <li>{@code MergeGrid}: cuts sizes into ranges of about equal weight
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.driver;

import org.jspecify.annotations.NullMarked;
