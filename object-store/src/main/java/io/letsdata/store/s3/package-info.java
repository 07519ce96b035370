// SPDX-License-Identifier: Apache-2.0
/**
 * The store over S3: the only package that uses the S3 client of the AWS SDK.
 *
 * <p>Classes in reading order: {@link SharedStores}, {@link S3ObjectStore}, {@link S3Writes},
 * {@link S3Clients}, {@link LocalStackCredentials}, {@link MeteringInterceptor}, {@link
 * CertainWrite}, {@link S3Failures}, {@link Etags}, {@link ReplayedContent}, {@link S3Reads},
 * {@link ContentRange}, {@link S3Listings}.
 */
@NullMarked
package io.letsdata.store.s3;

import org.jspecify.annotations.NullMarked;
