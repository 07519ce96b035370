// SPDX-License-Identifier: Apache-2.0
/** The embedded S3 server's process. */
@NullMarked
package io.letsdata.local.s3;

import org.jspecify.annotations.NullMarked;
