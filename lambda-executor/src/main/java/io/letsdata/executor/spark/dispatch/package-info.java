// SPDX-License-Identifier: Apache-2.0
/** One task on its way: from its dispatch to the result that Spark is given. */
@NullMarked
package io.letsdata.executor.spark.dispatch;

import org.jspecify.annotations.NullMarked;
