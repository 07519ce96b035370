// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.shuffle.format.MapRef;
import java.util.List;

/**
 * What the driver tells of one merged object, as far as a reader's partitions are concerned: where
 * the run of each partition is. Where each member's segment is inside a run follows from the
 * lengths of the members' segments. Immutable; the arrays are not copied.
 *
 * @param nonce of the merge, which makes its key
 * @param group merged objects of the same members have the same one
 * @param members in the order of each run
 * @param firstPartition the partition of the first run given
 * @param starts of the runs, bytes
 * @param runBytes of the runs; 0 when a partition is not in the object
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
public record MergedExtents(
    String nonce,
    int group,
    List<MapRef> members,
    int firstPartition,
    long[] starts,
    long[] runBytes) {}
