// SPDX-License-Identifier: Apache-2.0
/**
 * What runs in a task, for every format, and what travels to it.
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
