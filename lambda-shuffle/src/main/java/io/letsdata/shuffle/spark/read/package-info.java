// SPDX-License-Identifier: Apache-2.0
/**
 * The read side: one reduce task.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code S3ShuffleReader}: reads a range of partitions
 *   <li>{@code ReadRange}: the range
 *   <li>{@code WantedOutput}: one map output of the range
 *   <li>{@code SegmentRecords}: the records of all segments
 *   <li>{@code SegmentStream}: the bytes of one segment
 *   <li>{@code FetchFailures}: translates lost outputs for Spark
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.spark.read;

import org.jspecify.annotations.NullMarked;
