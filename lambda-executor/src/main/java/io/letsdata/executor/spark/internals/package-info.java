// SPDX-License-Identifier: Apache-2.0
/**
 * Parts of Spark that are private in Scala.
 *
 * <p>In reading order: {@code SparkInternals}, conversions between Scala's and Java's types; {@code
 * DriverUi}, for the server of the driver's UI.
 */
@NullMarked
package io.letsdata.executor.spark.internals;

import org.jspecify.annotations.NullMarked;
