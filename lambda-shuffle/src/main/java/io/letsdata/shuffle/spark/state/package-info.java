// SPDX-License-Identifier: Apache-2.0
/** State of streams in tasks that live as long as one invocation: {@link StoredStateProvider}. */
@NullMarked
package io.letsdata.shuffle.spark.state;

import org.jspecify.annotations.NullMarked;
