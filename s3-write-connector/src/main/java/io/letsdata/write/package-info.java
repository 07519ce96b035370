// SPDX-License-Identifier: Apache-2.0
/** The letsdata-s3 data source, write side. */
@NullMarked
package io.letsdata.write;

import org.jspecify.annotations.NullMarked;
