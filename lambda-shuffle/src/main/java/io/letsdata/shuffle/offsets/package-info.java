// SPDX-License-Identifier: Apache-2.0
/**
 * Offsets tables: the positions of the segments of a reduce partition.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code MapOutputIndex}: the positions that a reader asks for
 *   <li>{@code MapSegments}: the segments of one map output
 *   <li>{@code MergedExtents}: the extents of one merged object
 *   <li>{@code OffsetsTableBuilder}: makes a table
 *   <li>{@code OffsetsTable}: reads a table
 *   <li>{@code OffsetsHeader}: everything before the columns
 *   <li>{@code OffsetsColumns}: the columns of some partitions
 *   <li>{@code TableCache}: the tables that a process has read
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.offsets;

import org.jspecify.annotations.NullMarked;
