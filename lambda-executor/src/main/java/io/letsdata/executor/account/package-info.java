// SPDX-License-Identifier: Apache-2.0
/** Counts invocations, seconds and requests of a run, and prices them. */
@NullMarked
package io.letsdata.executor.account;

import org.jspecify.annotations.NullMarked;
