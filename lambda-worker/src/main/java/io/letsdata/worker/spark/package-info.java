// SPDX-License-Identifier: Apache-2.0
/**
 * A stock Spark 3.5.9 executor without a driver connection.
 *
 * <p>In reading order:
 *
 * <ol>
 *   <li>one invocation: {@code Invocation}, {@code TaskRuntime}, {@code CurrentTask}, {@code
 *       TaskSlot}
 *   <li>the runtime of an application: {@code WorkerRuntime}, {@code WorkerConf}, {@code
 *       EarlyClasses}, {@code DriverlessEnv}, {@code DriverlessRpcEnv}, {@code DriverEndpoints},
 *       {@code ApplicationEnd}, {@code ProcessDefaults}, {@code TemporaryFiles}, {@code
 *       EnvironmentEnd}
 *   <li>rights and ends: {@code CommitGate}, {@code KillWatch}, {@code RunIds}, {@code
 *       FailureAdvice}
 *   <li>blocks: {@code StoreBlockTransferService}, {@code BroadcastPieces}, {@code
 *       BroadcastBlocks}, {@code CacheStore}, {@code FaithfulValues}
 *   <li>shuffles: {@code WorkerShuffle}, {@code MergeRun}
 * </ol>
 *
 * <p>{@link io.letsdata.worker} has the states of a task.
 */
@NullMarked
package io.letsdata.worker.spark;

import org.jspecify.annotations.NullMarked;
