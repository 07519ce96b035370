// SPDX-License-Identifier: Apache-2.0
/**
 * WARC objects as records; no Spark.
 *
 * <p>Classes in reading order: {@link WarcRecords}, {@link GzipMembers}, {@link ObjectStream}.
 */
@NullMarked
package io.letsdata.read.warc;

import org.jspecify.annotations.NullMarked;
