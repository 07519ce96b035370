// SPDX-License-Identifier: Apache-2.0
/**
 * The write side: one map task.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code ShuffleWriters}: chooses the writer
 *   <li>{@code MapOutputShuffleWriter}: connects a writer with its attempt
 *   <li>{@code MapAttempt}: one execution of a map attempt
 *   <li>{@code HashShuffleWriter}: our writer, in place of Spark's bypass writer
 *   <li>{@code PartitionStreams}: a serializer's stream for each partition
 *   <li>{@code TaskMemory}: the task's memory
 *   <li>{@code WriteProgress}: reports progress to Spark
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.spark.write;

import org.jspecify.annotations.NullMarked;
