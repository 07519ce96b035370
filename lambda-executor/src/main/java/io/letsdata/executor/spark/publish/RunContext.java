// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.options.Internal;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectStore;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * One run of an application on the Lambda master: what most classes of it share. Everything in it
 * is thread-safe and belongs to the backend, which closes it.
 *
 * @param settings of the session
 * @param function the worker function
 * @param store holds the run's objects
 * @param layout the keys of these objects
 * @param invoker invokes the function
 * @param account counts invocations and requests
 * @param threads run everything that is asynchronous
 */
@Internal
public record RunContext(
    LambdaSettings settings,
    FunctionInfo function,
    ObjectStore store,
    RunLayout layout,
    LambdaInvoker invoker,
    RunAccount account,
    Threads threads) {

  /**
   * The executors of a run.
   *
   * @param io runs work that makes requests
   * @param timer one thread; its work must not block
   */
  @Internal
  public record Threads(Executor io, ScheduledExecutorService timer) {
    /** Stack of a thread of {@code io}, which walks values of broadcasts. */
    public static final long IO_STACK_BYTES = DeepStack.BYTES;
  }
}
