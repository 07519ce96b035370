// SPDX-License-Identifier: Apache-2.0
/**
 * {@code letsdata submit}: a user's jar as a driver.
 *
 * <p>Classes in reading order: {@link SubmitCommand}, {@link SparkOptions}, {@link SparkDefaults},
 * {@link NamedFiles}, {@link DriverJvm}, {@link FlagSplitter}, {@link PrivateFile}, {@link
 * ArgumentFile}, {@link ChildProcess}.
 */
@NullMarked
package io.letsdata.cli.submit;

import org.jspecify.annotations.NullMarked;
