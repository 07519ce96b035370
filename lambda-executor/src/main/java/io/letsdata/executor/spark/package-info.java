// SPDX-License-Identifier: Apache-2.0
/**
 * The driver's hooks into Spark 3.5.9: everything here leans on classes that are private to Spark
 * in Scala.
 */
@NullMarked
package io.letsdata.executor.spark;

import org.jspecify.annotations.NullMarked;
