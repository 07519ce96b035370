// SPDX-License-Identifier: Apache-2.0
/** WARC objects as records; no Spark. */
@NullMarked
package io.letsdata.read.warc;

import org.jspecify.annotations.NullMarked;
