// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.options.Internal;
import io.letsdata.options.SecretRule;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;

/**
 * The session's client of the Lambda API: no class outside this package sees the SDK. Thread-safe;
 * the session closes it when it ends.
 */
@Internal
public final class LambdaConnection implements AutoCloseable {
  private final LambdaAsyncClient client;
  private final LambdaSettings settings;

  private LambdaConnection(LambdaAsyncClient client, LambdaSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /** Makes the client. No request. */
  public static LambdaConnection open(LambdaSettings settings) {
    return new LambdaConnection(LambdaClients.create(settings), settings);
  }

  /**
   * Reads the limits of the worker function. One GetFunctionConfiguration.
   *
   * @throws io.letsdata.options.UserErrorException when the function or the permission is missing
   */
  public FunctionInfo describe() {
    return new FunctionLookup(client, settings).describe();
  }

  /**
   * Makes the invoker of this session; the arguments belong to the caller. No request.
   *
   * @param sender one thread; sends requests that waited in the queue, and waits for credentials
   * @param secrets decides what is hidden in the function's log and errors
   */
  public LambdaInvoker invoker(
      ScheduledExecutorService timer, Executor sender, RunAccount account, SecretRule secrets) {
    return new LambdaInvoker(client, settings, timer, sender, account, secrets, System::nanoTime);
  }

  @Override
  public void close() {
    client.close();
  }
}
