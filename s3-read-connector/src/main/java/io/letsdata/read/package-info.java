// SPDX-License-Identifier: Apache-2.0
/**
 * The data source {@code letsdata-s3}, as Spark finds it.
 *
 * <p>Reading order: {@link io.letsdata.read.LetsDataS3Source} with its second name {@link
 * io.letsdata.read.LetsDataSource}; for a read, {@link io.letsdata.read.ManifestLoader} (options to
 * manifest) with {@link io.letsdata.read.ManifestScope}, {@link io.letsdata.read.ManifestInput} and
 * {@link io.letsdata.read.ManifestTable}; for a write, {@link io.letsdata.read.OutputTable}, which
 * finds the write connector. Then {@link io.letsdata.read.spi} (for the write connector), {@link
 * io.letsdata.read.spark} (scans) and {@link io.letsdata.read.warc} (a format of our own).
 */
@NullMarked
package io.letsdata.read;

import org.jspecify.annotations.NullMarked;
