// SPDX-License-Identifier: Apache-2.0
/**
 * Knowledge about rows from a manifest's statistics and columns of keys, without reading objects.
 *
 * <p>Reading order: {@link io.letsdata.read.spark.stats.ObjectFacts} with {@link
 * io.letsdata.read.spark.stats.StatedStatistics}; {@link io.letsdata.read.spark.stats.ObjectFilter}
 * (which objects cannot match) and {@link io.letsdata.read.spark.stats.ManifestAggregate} (counts
 * and bounds of whole outputs).
 */
@NullMarked
package io.letsdata.read.spark.stats;

import org.jspecify.annotations.NullMarked;
