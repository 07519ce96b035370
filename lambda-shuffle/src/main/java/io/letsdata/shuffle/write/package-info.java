// SPDX-License-Identifier: Apache-2.0
/** Writes one map output as one object, part by part, in bounded memory. */
@NullMarked
package io.letsdata.shuffle.write;

import org.jspecify.annotations.NullMarked;
