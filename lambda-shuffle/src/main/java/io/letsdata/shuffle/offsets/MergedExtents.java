// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import java.util.List;

/**
 * The extents of one merged object that belong to a reader's partitions. The position of each
 * member's segment inside an extent follows from the lengths of the members' segments. Immutable;
 * the arrays are not copied.
 *
 * @param nonce of the merge, which makes its key
 * @param group merged objects of the same members have the same one
 * @param members in the order of each extent
 * @param firstPartition the partition of the first extent given
 * @param starts of the extents, bytes
 * @param extentBytes of the extents; 0 when a partition is not in the object
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
public record MergedExtents(
    String nonce,
    int group,
    List<MapRef> members,
    int firstPartition,
    long[] starts,
    long[] extentBytes) {}
