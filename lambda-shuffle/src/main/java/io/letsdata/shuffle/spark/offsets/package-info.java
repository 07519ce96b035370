// SPDX-License-Identifier: Apache-2.0
/** How offsets of map outputs travel between the driver and its executors. */
@NullMarked
package io.letsdata.shuffle.spark.offsets;

import org.jspecify.annotations.NullMarked;
