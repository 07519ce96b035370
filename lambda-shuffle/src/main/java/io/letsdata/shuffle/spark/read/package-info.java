// SPDX-License-Identifier: Apache-2.0
/** The read side: one reduce task. */
@NullMarked
package io.letsdata.shuffle.spark.read;

import org.jspecify.annotations.NullMarked;
