// SPDX-License-Identifier: Apache-2.0
/**
 * The letsdata command: its entry, the tree of its commands, and how failures are shown. Each group
 * of commands has a package of its own.
 *
 * <p>Classes in reading order: {@link Main}, {@link Failures}, {@link Letsdata}.
 */
@NullMarked
package io.letsdata.cli;

import org.jspecify.annotations.NullMarked;
