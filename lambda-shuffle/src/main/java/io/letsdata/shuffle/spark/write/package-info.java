// SPDX-License-Identifier: Apache-2.0
/** The write side: one map task. */
@NullMarked
package io.letsdata.shuffle.spark.write;

import org.jspecify.annotations.NullMarked;
