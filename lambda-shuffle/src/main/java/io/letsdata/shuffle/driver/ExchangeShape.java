// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;

/**
 * The facts of one exchange when its reduce stage begins. Small outputs that are in no object are
 * not counted.
 *
 * @param storedMaps map outputs with an object
 * @param segments non-empty ones in these objects
 * @param storedBytes of these segments
 * @param partitions reduce partitions, before adaptive execution joins or splits them
 * @param tasks of the reduce stage
 */
@Internal
public record ExchangeShape(
    int storedMaps, long segments, long storedBytes, int partitions, int tasks) {}
