// SPDX-License-Identifier: Apache-2.0
/** Plans and reads the segments of a reduce task, and merges objects. */
@NullMarked
package io.letsdata.shuffle.fetch;

import org.jspecify.annotations.NullMarked;
