// SPDX-License-Identifier: Apache-2.0
/**
 * Parts of Spark that are private in Scala.
 *
 * <p>In reading order: {@code SparkInternals}, conversions between Scala's and Java's types; {@code
 * DriverUi} and {@code DriverSecret}, for the servers of the driver.
 */
@NullMarked
package io.letsdata.executor.spark.internals;

import org.jspecify.annotations.NullMarked;
