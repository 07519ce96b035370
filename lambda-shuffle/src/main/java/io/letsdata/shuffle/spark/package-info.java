// SPDX-License-Identifier: Apache-2.0
/** Spark's side of the shuffle: everything here leans on Spark 3.5.9's private API. */
@NullMarked
package io.letsdata.shuffle.spark;

import org.jspecify.annotations.NullMarked;
