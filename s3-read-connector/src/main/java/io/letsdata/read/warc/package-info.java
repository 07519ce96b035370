// SPDX-License-Identifier: Apache-2.0
/**
 * WARC objects as records. No Spark.
 *
 * <p>Reading order: {@link io.letsdata.read.warc.WarcRecords} with {@link
 * io.letsdata.read.warc.WarcOptions}, {@link io.letsdata.read.warc.DamagedRecord} and {@link
 * io.letsdata.read.warc.RecordFaults}; below it {@link io.letsdata.read.warc.WarcHeader} and {@link
 * io.letsdata.read.warc.ArcHeader}, {@link io.letsdata.read.warc.WarcInput}, and the {@link
 * io.letsdata.read.warc.Members} of an object, {@link io.letsdata.read.warc.GzipMembers} or {@link
 * io.letsdata.read.warc.ZstdFrames}; for what is in a record, {@link
 * io.letsdata.read.warc.WarcDate}, {@link io.letsdata.read.warc.MediaType} and {@link
 * io.letsdata.read.warc.HttpMessage}; {@link io.letsdata.read.warc.ObjectStream}, which is its
 * source.
 */
@NullMarked
package io.letsdata.read.warc;

import org.jspecify.annotations.NullMarked;
