// SPDX-License-Identifier: Apache-2.0
/**
 * What a manifest's statistics and the columns of keys tell about rows, without reading an object.
 *
 * <p>Reading order: {@link io.letsdata.read.spark.stats.ObjectFacts} with {@link
 * io.letsdata.read.spark.stats.StatedStatistics}; {@link io.letsdata.read.spark.stats.ObjectFilter}
 * (which objects cannot match) and {@link io.letsdata.read.spark.stats.ManifestAggregate} (counts
 * and bounds of whole outputs).
 */
@NullMarked
package io.letsdata.read.spark.stats;

import org.jspecify.annotations.NullMarked;
