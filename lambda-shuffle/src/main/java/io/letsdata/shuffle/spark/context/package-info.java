// SPDX-License-Identifier: Apache-2.0
/**
 * Things that the write side and the read side share.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code ShuffleContext}: everything that the tasks of a process share
 *   <li>{@code TaskLimits}: the bounds of one task
 *   <li>{@code ShuffleRuntime}: store, keys and offsets of a process
 *   <li>{@code S3ShuffleHandle}: the handle that travels with each task
 *   <li>{@code MapLocation}: a map output as a location in Spark's map status
 *   <li>{@code MapPlaces}: which location fits the master, so that no task waits for a host
 *   <li>{@code UnplacedMapStatus}: a map status whose location has no host
 *   <li>{@code ShuffleAccounts}: the counts of each shuffle
 *   <li>{@code ShuffleAccumulator}: takes counts from tasks to the driver
 *   <li>{@code Rethrow}: throws checked exceptions through Spark's signatures
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.spark.context;

import org.jspecify.annotations.NullMarked;
