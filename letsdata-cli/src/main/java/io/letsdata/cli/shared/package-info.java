// SPDX-License-Identifier: Apache-2.0
/**
 * Parts that all commands use: the build's products, conf files, the failure that is shown as one
 * line.
 *
 * <p>Classes in reading order: {@link Distribution}, {@link CliException}, {@link SparkConfFile},
 * {@link BuildInfo}, {@link Ages}.
 */
@NullMarked
package io.letsdata.cli.shared;

import org.jspecify.annotations.NullMarked;
