// SPDX-License-Identifier: Apache-2.0
/**
 * Spark's own file encoders (private API of Spark 3.5.9), writing into an output stream of ours.
 *
 * <p>Classes in reading order: {@link SparkEncoding}, {@link RowEncoding}, {@link RowEncoder},
 * {@link StreamConf}, {@link StreamFileSystem}, {@link FormatOptions}, {@link ScalaMaps}, {@link
 * TaskConf}, {@link OutputCounters}.
 */
@NullMarked
package io.letsdata.write.spark;

import org.jspecify.annotations.NullMarked;
