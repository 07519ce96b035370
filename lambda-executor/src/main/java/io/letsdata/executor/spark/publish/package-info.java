// SPDX-License-Identifier: Apache-2.0
/**
 * Stores before a stage starts all that its tasks need: broadcasts, map statuses, files, merges.
 */
@NullMarked
package io.letsdata.executor.spark.publish;

import org.jspecify.annotations.NullMarked;
