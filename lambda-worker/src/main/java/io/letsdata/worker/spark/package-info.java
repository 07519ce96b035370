// SPDX-License-Identifier: Apache-2.0
/** A stock Spark 3.5.9 executor without a driver connection. */
@NullMarked
package io.letsdata.worker.spark;

import org.jspecify.annotations.NullMarked;
