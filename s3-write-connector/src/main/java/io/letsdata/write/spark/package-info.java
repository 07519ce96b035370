// SPDX-License-Identifier: Apache-2.0
/**
 * Spark's file encoders (private API of Spark 3.5.9), which write to an output stream of ours.
 *
 * <p>Reading order: {@link io.letsdata.write.spark.RowEncoding} and {@link
 * io.letsdata.write.spark.RowEncoder}; {@link io.letsdata.write.spark.SparkEncoding}, which
 * implements them with {@link io.letsdata.write.spark.FormatOptions}, {@link
 * io.letsdata.write.spark.StreamConf} and {@link io.letsdata.write.spark.StreamFileSystem}; {@link
 * io.letsdata.write.spark.OutputCounters}.
 */
@NullMarked
package io.letsdata.write.spark;

import org.jspecify.annotations.NullMarked;
