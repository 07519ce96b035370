// SPDX-License-Identifier: Apache-2.0
/**
 * {@code letsdata classpath} and {@code jvm-options}: what a program of the user needs to be a
 * driver.
 */
@NullMarked
package io.letsdata.cli.classpath;

import org.jspecify.annotations.NullMarked;
