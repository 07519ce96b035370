// SPDX-License-Identifier: Apache-2.0
/**
 * Bad records and objects as JSON documents. No Spark.
 *
 * <p>Reading order: {@link io.letsdata.read.errors.ErrorOptions}; {@link
 * io.letsdata.read.errors.ErrorSink} (of a read) makes {@link io.letsdata.read.errors.TaskErrors}
 * (of a task), which collects {@link io.letsdata.read.errors.ErrorDocument}s; {@link
 * io.letsdata.read.errors.TooManyErrors}.
 */
@NullMarked
package io.letsdata.read.errors;

import org.jspecify.annotations.NullMarked;
