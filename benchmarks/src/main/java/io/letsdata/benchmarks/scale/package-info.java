// SPDX-License-Identifier: Apache-2.0
/**
 * How the driver's cost grows with the number of tasks, map outputs and reducers.
 *
 * <p>Classes in reading order: {@link ScaleBench}, {@link EchoBackend}, {@link EchoResult}, {@link
 * EchoClusterManager}, {@link EchoLambda}, {@link PublishedStatuses}.
 */
@NullMarked
package io.letsdata.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
