// SPDX-License-Identifier: Apache-2.0
/**
 * Spark's own suites on our masters. In reading order: {@link SparkSuite}, {@link Master}, {@link
 * SuiteRun}, {@link SparkSuitesIT}, {@link Difference}, {@link Summary}.
 */
@NullMarked
package io.letsdata.suites;

import org.jspecify.annotations.NullMarked;
