// SPDX-License-Identifier: Apache-2.0
/** Sends invocations at the pace that Lambda allows, and reads its answers. */
@NullMarked
package io.letsdata.executor.invoke;

import org.jspecify.annotations.NullMarked;
