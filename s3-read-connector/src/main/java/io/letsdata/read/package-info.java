// SPDX-License-Identifier: Apache-2.0
/** The letsdata-s3 data source, read side. */
@NullMarked
package io.letsdata.read;

import org.jspecify.annotations.NullMarked;
