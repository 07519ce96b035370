// SPDX-License-Identifier: Apache-2.0
/** Checks of a session, of its settings and of a stage, before anything is sent. */
@NullMarked
package io.letsdata.executor.spark.rules;

import org.jspecify.annotations.NullMarked;
