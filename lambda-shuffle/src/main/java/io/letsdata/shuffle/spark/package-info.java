// SPDX-License-Identifier: Apache-2.0
/**
 * The entry for Spark and for users. This package and those below it use Spark 3.5.9's private API.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code S3ShuffleManager}: Spark's shuffle manager
 *   <li>{@code ShuffleOptions}: the options
 *   <li>{@code ShuffleSettings}: their values
 *   <li>{@code SessionRules}: settings that are required or refused
 *   <li>{@code ExecutorClassPath}: checks that executors can have the classes
 *   <li>{@code SessionRuntime}: store and keys from the session's configuration
 *   <li>{@code DriverShuffles}: the driver's part
 *   <li>{@code LostOutputs}: finds all outputs of a shuffle that are lost at once
 *   <li>{@code S3ShuffleDataIO}: Spark's plugin for shuffle outputs
 *   <li>{@code S3ShuffleDriverComponents}: removes shuffles
 *   <li>{@code ShuffleReports}: the counts of an application, for users
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.spark;

import org.jspecify.annotations.NullMarked;
