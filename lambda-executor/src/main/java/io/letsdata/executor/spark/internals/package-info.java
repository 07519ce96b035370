// SPDX-License-Identifier: Apache-2.0
/**
 * Conversions between Scala's and Java's types that all packages of Spark's side need: {@code
 * SparkInternals}.
 */
@NullMarked
package io.letsdata.executor.spark.internals;

import org.jspecify.annotations.NullMarked;
