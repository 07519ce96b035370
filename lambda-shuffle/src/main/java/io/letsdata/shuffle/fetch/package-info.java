// SPDX-License-Identifier: Apache-2.0
/**
 * Plans and reads the segments of a reduce task, and merges map outputs.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code FetchPlan}: decides which ranges of which objects are requested
 *   <li>{@code MergedPlan}: chooses between merged objects and map outputs
 *   <li>{@code MergedSource}: the segments in one merged object
 *   <li>{@code FetchLimits}: the bounds of prefetching
 *   <li>{@code SegmentFetcher}: reads the segments of a plan
 *   <li>{@code Prefetcher}: sends requests ahead of the reader
 *   <li>{@code FetchSlot}: one request and its result
 *   <li>{@code RangeReader}: reads and verifies one range
 *   <li>{@code SliceStream}: joins the slices of a large segment
 *   <li>{@code SegmentUnavailable}: a map output that must be recomputed
 *   <li>{@code MergedUnavailable}: a merged object that cannot be read
 *   <li>{@code Footers}: reads many footers at once
 *   <li>{@code FooterReader}: reads the index of one map output
 *   <li>{@code Merger}: carries out a merge
 *   <li>{@code MergeLayout}: the positions of segments in a merged object
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.fetch;

import org.jspecify.annotations.NullMarked;
