// SPDX-License-Identifier: Apache-2.0
/**
 * The function: payload bytes in, response bytes out.
 *
 * <p>In reading order: {@code WorkerHandler} (bytes), {@code WorkerSession} (which runtime, may it
 * run), {@code StoredResponse} (does the driver need a copy), {@code LimitWatch} (the end of an
 * invocation that its driver takes for ended), {@code WorkerStores}; then {@link
 * io.letsdata.worker.spark}, which runs the task.
 *
 * <h2>The states of a task in a worker</h2>
 *
 * <p>A task is <em>received</em> when its payload is read, <em>ready</em> when the runtime of its
 * application is there, <em>running</em> when it may run, <em>ended</em> when Spark's executor has
 * reported its end, and <em>responded</em> when the response is written. <em>Failed</em>: an
 * exception leaves the handler, Lambda reports it and the driver may dispatch the task again.
 *
 * <table border="1">
 * <caption>State and event, the next state, and the class that decides</caption>
 * <tr><th>state</th><th>event</th><th>next state</th><th>class</th></tr>
 * <tr><td>received</td><td>the payload is of another build</td><td>responded, {@code NotStarted}</td>
 *   <td>{@code WorkerSession}</td></tr>
 * <tr><td>received</td><td>there is a runtime of its application</td><td>ready</td>
 *   <td>{@code WorkerSession}</td></tr>
 * <tr><td>received</td><td>there is no runtime, or one of another application, which is closed; a new
 *   one starts</td><td>ready</td><td>{@code WorkerSession}, {@code WorkerRuntime}</td></tr>
 * <tr><td>received</td><td>the runtime does not start: no permission, no bucket, no object, or an
 *   exception of Spark</td><td>responded, {@code NotStarted}</td><td>{@code WorkerSession}</td></tr>
 * <tr><td>received</td><td>the runtime does not start: another error of the store</td><td>failed</td>
 *   <td>{@code WorkerSession}</td></tr>
 * <tr><td>ready</td><td>the dispatch may run more than once</td><td>running</td>
 *   <td>{@code WorkerSession}</td></tr>
 * <tr><td>ready</td><td>it may run only once, and this invocation wins the claim</td>
 *   <td>running</td><td>{@code CommitGate}</td></tr>
 * <tr><td>ready</td><td>it may run only once, and another invocation has the claim</td>
 *   <td>responded, {@code LeftToOther}</td><td>{@code CommitGate}</td></tr>
 * <tr><td>running</td><td>the task asks for the commit right</td><td>running, right held or
 *   denied</td><td>{@code DriverEndpoints}, {@code CommitGate}</td></tr>
 * <tr><td>running</td><td>the kill flag exists</td><td>running, killed</td>
 *   <td>{@code KillWatch}</td></tr>
 * <tr><td>running</td><td>the payload's time limit has passed, and the function's is longer</td>
 *   <td>failed: the process ends</td><td>{@code LimitWatch}</td></tr>
 * <tr><td>running</td><td>the executor reports FINISHED, FAILED or KILLED</td><td>ended</td>
 *   <td>{@code WorkerRuntime}</td></tr>
 * <tr><td>ended</td><td>the result or a cached block cannot be stored</td><td>failed</td>
 *   <td>{@code WorkerRuntime}</td></tr>
 * <tr><td>ended</td><td>it holds the commit right, may run only once, or took long</td><td>responded,
 *   and a copy of the response is stored</td><td>{@code StoredResponse}</td></tr>
 * <tr><td>ended</td><td>its commit was denied, or it was killed without the right, or it was
 *   short</td><td>responded</td><td>{@code StoredResponse}</td></tr>
 * </table>
 */
@NullMarked
package io.letsdata.worker;

import org.jspecify.annotations.NullMarked;
