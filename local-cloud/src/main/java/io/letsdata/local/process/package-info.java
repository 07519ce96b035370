// SPDX-License-Identifier: Apache-2.0
/**
 * Child processes that can be stopped and continued, and that end with this process.
 *
 * <p>In reading order: {@link Reaper}, {@link ChildProcess}, {@link ProcessStatus}.
 */
@NullMarked
package io.letsdata.local.process;

import org.jspecify.annotations.NullMarked;
