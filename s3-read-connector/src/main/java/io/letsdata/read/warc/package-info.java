// SPDX-License-Identifier: Apache-2.0
/**
 * WARC objects as records. No Spark.
 *
 * <p>Reading order: {@link io.letsdata.read.warc.WarcRecords}; below it {@link
 * io.letsdata.read.warc.GzipMembers}; {@link io.letsdata.read.warc.ObjectStream}, which is its
 * source.
 */
@NullMarked
package io.letsdata.read.warc;

import org.jspecify.annotations.NullMarked;
