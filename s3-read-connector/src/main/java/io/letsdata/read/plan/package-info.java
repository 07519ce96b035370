// SPDX-License-Identifier: Apache-2.0
/**
 * Decisions about a scan that need neither Spark nor a store.
 *
 * <p>Reading order: {@link io.letsdata.read.plan.TaskSizes} (objects become tasks) with {@link
 * io.letsdata.read.plan.Piece}.
 */
@NullMarked
package io.letsdata.read.plan;

import org.jspecify.annotations.NullMarked;
