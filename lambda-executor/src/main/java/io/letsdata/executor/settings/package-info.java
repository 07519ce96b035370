// SPDX-License-Identifier: Apache-2.0
/**
 * Settings of a session and facts of its function, checked.
 *
 * <p>In reading order: {@code LambdaOptions} declare the options, {@code LambdaSettings} are their
 * values, {@code FunctionInfo}, {@code TimeLimit}, {@code Architecture} and {@code JvmDefaults} are
 * of the function.
 */
@NullMarked
package io.letsdata.executor.settings;

import org.jspecify.annotations.NullMarked;
