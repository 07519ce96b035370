// SPDX-License-Identifier: Apache-2.0
/**
 * {@code letsdata gc}: deletes the objects that crashed drivers and lost workers left.
 *
 * <p>Classes in reading order: {@link GcCommand}.
 */
@NullMarked
package io.letsdata.cli.gc;

import org.jspecify.annotations.NullMarked;
