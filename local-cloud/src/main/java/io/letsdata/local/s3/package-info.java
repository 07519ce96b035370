// SPDX-License-Identifier: Apache-2.0
/** The embedded S3 server, a process of its own: {@link S3Server}. */
@NullMarked
package io.letsdata.local.s3;

import org.jspecify.annotations.NullMarked;
