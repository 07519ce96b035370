// SPDX-License-Identifier: Apache-2.0
/** Tests of the whole system: real processes, real wire. */
@NullMarked
package io.letsdata.it;

import org.jspecify.annotations.NullMarked;
