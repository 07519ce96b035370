// SPDX-License-Identifier: Apache-2.0
/** The embedded stand-in for S3 and Lambda. */
@NullMarked
package io.letsdata.local;

import org.jspecify.annotations.NullMarked;
