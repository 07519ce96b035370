// SPDX-License-Identifier: Apache-2.0
/** Settings of a session and facts of its function, checked. */
@NullMarked
package io.letsdata.executor.settings;

import org.jspecify.annotations.NullMarked;
