// SPDX-License-Identifier: Apache-2.0
/**
 * Deletes the objects of runs whose drivers did not end normally: {@code letsdata gc}.
 *
 * <p>{@code RunCleanup} finds a {@code StoredRun} for each application and deletes it.
 */
@NullMarked
package io.letsdata.executor.cleanup;

import org.jspecify.annotations.NullMarked;
