// SPDX-License-Identifier: Apache-2.0
/** Deletes what runs left in the store whose drivers died: {@code letsdata gc}. */
@NullMarked
package io.letsdata.executor.cleanup;

import org.jspecify.annotations.NullMarked;
