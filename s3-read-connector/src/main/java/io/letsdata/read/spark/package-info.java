// SPDX-License-Identifier: Apache-2.0
/**
 * Where the read connector leans on Spark 3.5.9's internals: its file scans, its rows, its file
 * index.
 *
 * <p>Classes in reading order: {@link SparkReads}, {@link WarcScanBuilder}, {@link ManifestScan},
 * {@link ManifestInputPartition}, {@link ObjectReader}, {@link WarcColumn}, {@link
 * ManifestScanBuilder}, {@link ManifestReaderFactory}, {@link PinnedPaths}, {@link ScalaMaps},
 * {@link SparkFormat}, {@link ScanConf}, {@link SchemaInference}, {@link ManifestFileIndex}.
 */
@NullMarked
package io.letsdata.read.spark;

import org.jspecify.annotations.NullMarked;
