// SPDX-License-Identifier: Apache-2.0
/** The things that the write side and the read side share. */
@NullMarked
package io.letsdata.shuffle.spark.context;

import org.jspecify.annotations.NullMarked;
