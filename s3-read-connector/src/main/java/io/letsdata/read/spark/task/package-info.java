// SPDX-License-Identifier: Apache-2.0
/**
 * The part of a scan that runs in tasks, for every format, and that travels to them.
 *
 * <p>Reading order: {@link io.letsdata.read.spark.task.ManifestInputPartition} of {@link
 * io.letsdata.read.spark.task.ObjectSlice}; {@link io.letsdata.read.spark.task.SlicesReader} over
 * {@link io.letsdata.read.spark.task.ManifestPartitionReader}; {@link
 * io.letsdata.read.spark.task.IgnoredFiles}, {@link io.letsdata.read.spark.task.ErrorBudget},
 * {@link io.letsdata.read.spark.task.PortableException} and {@link
 * io.letsdata.read.spark.task.ReadMetrics}; {@link io.letsdata.read.spark.task.PinnedPaths}.
 */
@NullMarked
package io.letsdata.read.spark.task;

import org.jspecify.annotations.NullMarked;
