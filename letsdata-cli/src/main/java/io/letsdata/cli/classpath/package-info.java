// SPDX-License-Identifier: Apache-2.0
/**
 * {@code letsdata classpath} and {@code jvm-options}: what a program of the user needs to be a
 * driver.
 *
 * <p>Classes in reading order: {@link ClasspathCommand}, {@link JvmOptionsCommand}.
 */
@NullMarked
package io.letsdata.cli.classpath;

import org.jspecify.annotations.NullMarked;
