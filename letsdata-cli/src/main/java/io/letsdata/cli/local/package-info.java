// SPDX-License-Identifier: Apache-2.0
/** {@code letsdata local}: the local stack, for a command or until Ctrl-C. */
@NullMarked
package io.letsdata.cli.local;

import org.jspecify.annotations.NullMarked;
