// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.options.Options;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.shuffle.fetch.FetchLimits;

/**
 * The shuffle's settings: the values of {@link ShuffleOptions}. Immutable.
 *
 * @param partBytes length of a part; twice this is the memory of one map output being written
 * @param inlineBytes a map output up to this length, with its index, goes through the driver
 * @param limits of one reduce task's prefetching
 * @param hedgeShare of GETs that may be sent twice
 * @param bounds of the driver
 * @param startCheck whether the driver tries the store before the first task
 * @param exchange of combining
 */
record ShuffleSettings(
    int partBytes,
    int inlineBytes,
    FetchLimits limits,
    double hedgeShare,
    DriverBounds bounds,
    boolean startCheck,
    ExchangeOptions exchange) {

  /**
   * Reads and checks the values.
   *
   * @throws io.letsdata.options.InvalidOptionException naming key, value and rule
   */
  static ShuffleSettings from(Options options) {
    return new ShuffleSettings(
        Math.toIntExact(options.get(ShuffleOptions.PART_SIZE)),
        Math.toIntExact(options.get(ShuffleOptions.INLINE_MAP)),
        FetchLimits.of(
            options.get(ShuffleOptions.FETCH_REQUESTS), options.get(ShuffleOptions.FETCH_BYTES)),
        options.get(ShuffleOptions.HEDGE_SHARE),
        new DriverBounds(
            options.get(ShuffleOptions.OFFSETS_MEMORY),
            options.get(ShuffleOptions.INLINE_MEMORY),
            Math.toIntExact(options.get(ShuffleOptions.INLINE_PAYLOAD)),
            DriverBounds.DEFAULT.stageBytes()),
        options.get(ShuffleOptions.START_CHECK),
        new ExchangeOptions(
            options.get(ShuffleOptions.EXCHANGE),
            Math.toIntExact(options.get(ShuffleOptions.MERGE_SIZE)),
            options.get(ShuffleOptions.MERGE_TIMEOUT),
            options.get(ShuffleOptions.SECOND_PRICE)));
  }
}
