// SPDX-License-Identifier: Apache-2.0
/** Child processes that are stopped, continued and never left behind. */
@NullMarked
package io.letsdata.local.process;

import org.jspecify.annotations.NullMarked;
