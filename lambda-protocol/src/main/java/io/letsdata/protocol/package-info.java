// SPDX-License-Identifier: Apache-2.0
/**
 * The protocol between driver and worker: messages, and the keys of a run's objects.
 *
 * <p>In reading order:
 *
 * <ol>
 *   <li>The driver sends a {@code TaskPayload} or a {@code MergePayload}, or a {@code
 *       StoredPayload} that stands for one of them. Each names its {@code Session}. Parts of a
 *       payload are {@code Blob}, {@code ShuffleInput} and {@code CachedBlock}.
 *   <li>The worker responds with a {@code TaskResponse}, which has a {@code TaskState} when the
 *       task ran, or a {@code MergeResponse}. {@code WorkerRequests} are the counts inside, {@code
 *       LogTail} shortens the log that Lambda adds.
 *   <li>{@code Messages} makes and reads the JSON of each {@code Message}, and knows the build on
 *       which both sides must agree. The golden files of this module's tests show one message of
 *       each shape.
 *   <li>{@code RunOptions} say where runs are; {@code RunLayout} has the keys, {@code Holder} the
 *       content of a fenced right, {@code StoreExecutor} the name of the store among Spark's
 *       executors.
 *   <li>{@code SealedStore} verifies these objects with the {@code RunKey} of the application and
 *       {@code SipHash}; one that another writer has replaced is {@code ObjectNotAuthentic}.
 *   <li>{@code RunHeartbeat} and {@code Leftovers} are for the end of a run and for clean-up.
 * </ol>
 */
@NullMarked
package io.letsdata.protocol;

import org.jspecify.annotations.NullMarked;
