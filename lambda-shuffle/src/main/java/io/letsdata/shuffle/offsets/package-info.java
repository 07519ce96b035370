// SPDX-License-Identifier: Apache-2.0
/** Tables of offsets: where the segments of a reduce partition are. */
@NullMarked
package io.letsdata.shuffle.offsets;

import org.jspecify.annotations.NullMarked;
