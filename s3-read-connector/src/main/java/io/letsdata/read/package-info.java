// SPDX-License-Identifier: Apache-2.0
/**
 * The letsdata-s3 data source, read side.
 *
 * <p>Classes in reading order: {@link LetsDataSource}, {@link LetsDataS3Source}, {@link
 * ManifestTable}, {@link InputLoader}, {@link Input}, {@link OutputTable}.
 */
@NullMarked
package io.letsdata.read;

import org.jspecify.annotations.NullMarked;
