// SPDX-License-Identifier: Apache-2.0
/**
 * The part of what both connectors share that needs private classes of Spark: {@link
 * io.letsdata.read.spi.spark.AvroSupport}.
 */
@NullMarked
package io.letsdata.read.spi.spark;

import org.jspecify.annotations.NullMarked;
