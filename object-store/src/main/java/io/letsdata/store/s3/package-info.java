// SPDX-License-Identifier: Apache-2.0
/**
 * The store over S3: the only package that uses the S3 client of the AWS SDK.
 *
 * <p>Reading order: {@link io.letsdata.store.s3.S3ObjectStore}; {@link
 * io.letsdata.store.s3.CertainWrite} (conditional writes whose response may be lost) and {@link
 * io.letsdata.store.s3.S3Failures} (the translation of the SDK's exceptions); the requests, {@link
 * io.letsdata.store.s3.S3Reads} with {@link io.letsdata.store.s3.ContentRange} and {@link
 * io.letsdata.store.s3.Etags}, {@link io.letsdata.store.s3.S3Writes} with {@link
 * io.letsdata.store.s3.ReplayedContent}, {@link io.letsdata.store.s3.S3Listings}; the clients,
 * {@link io.letsdata.store.s3.S3Clients}, {@link io.letsdata.store.s3.MeteringInterceptor}, {@link
 * io.letsdata.store.s3.OwnerInterceptor}, {@link io.letsdata.store.s3.LocalStackCredentials},
 * {@link io.letsdata.store.s3.SharedStores}.
 */
@NullMarked
package io.letsdata.store.s3;

import org.jspecify.annotations.NullMarked;
