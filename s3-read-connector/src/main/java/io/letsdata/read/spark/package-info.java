// SPDX-License-Identifier: Apache-2.0
/**
 * Scans of manifests with Spark's decoders. Uses private API of Spark 3.5.9: its file scans, rows
 * and file index.
 *
 * <p>Reading order: {@link io.letsdata.read.spark.ReadPlan} (the entrance) with {@link
 * io.letsdata.read.spark.ReadInput}, {@link io.letsdata.read.spark.KeyColumns} and {@link
 * io.letsdata.read.spark.FileOptions}; Spark's chain, {@link
 * io.letsdata.read.spark.ManifestScanBuilder}, {@link io.letsdata.read.spark.ManifestScan} of a
 * {@link io.letsdata.read.spark.ScanSelection} with {@link io.letsdata.read.spark.ReadFacts},
 * {@link io.letsdata.read.spark.ScanStatistics}, {@link io.letsdata.read.spark.AggregateScan} and
 * {@link io.letsdata.read.spark.LocalAggregates}; {@link
 * io.letsdata.read.spark.ManifestReaderFactory}, and what they send to tasks, the package {@code
 * task}; {@link io.letsdata.read.spark.FileMetadata}; for Spark's formats, {@link
 * io.letsdata.read.spark.SparkFormat}, {@link io.letsdata.read.spark.ManifestFileIndex}, {@link
 * io.letsdata.read.spark.CorruptRecords}, {@link io.letsdata.read.spark.ScanConf}, {@link
 * io.letsdata.read.spark.SchemaInference} with {@link io.letsdata.read.spark.InferenceSample}; for
 * WARC, {@link io.letsdata.read.spark.WarcScanBuilder}, {@link
 * io.letsdata.read.spark.WarcPartitionReader} and {@link io.letsdata.read.spark.WarcColumn}; for
 * writes, {@link io.letsdata.read.spark.NestedWrite}.
 */
@NullMarked
package io.letsdata.read.spark;

import org.jspecify.annotations.NullMarked;
