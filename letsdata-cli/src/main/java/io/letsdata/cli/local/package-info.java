// SPDX-License-Identifier: Apache-2.0
/**
 * {@code letsdata local}: the local stack, for a command or until Ctrl-C.
 *
 * <p>Classes in reading order: {@link LocalCommand}, {@link LocalUpCommand}, {@link LocalStack},
 * {@link StackOptions}.
 */
@NullMarked
package io.letsdata.cli.local;

import org.jspecify.annotations.NullMarked;
