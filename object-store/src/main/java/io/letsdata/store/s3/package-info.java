// SPDX-License-Identifier: Apache-2.0
/** The store over S3: the only package that uses the S3 client of the AWS SDK. */
@NullMarked
package io.letsdata.store.s3;

import org.jspecify.annotations.NullMarked;
