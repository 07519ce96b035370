// SPDX-License-Identifier: Apache-2.0
/**
 * The embedded stand-in for S3 and Lambda: its options, its client and its process.
 *
 * <p>In reading order: {@link LocalCloudOptions}, {@link FunctionSpec}, {@link LocalCloud}, {@link
 * StackConfig}, {@link LocalCloudMain}, {@link LocalServices}, {@link ReadyLine}.
 */
@NullMarked
package io.letsdata.local;

import org.jspecify.annotations.NullMarked;
