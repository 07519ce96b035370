// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.fetch.FetchLimits;

/**
 * The bounds of one task's shuffle, from the session's settings.
 *
 * @param fetch of a reduce task's prefetching
 * @param partBytes length of a part; twice this is the memory of one map output being written
 * @param inlineBytes a map output up to this length, with its index, goes through the driver
 */
@Internal
public record TaskLimits(FetchLimits fetch, int partBytes, int inlineBytes) {}
