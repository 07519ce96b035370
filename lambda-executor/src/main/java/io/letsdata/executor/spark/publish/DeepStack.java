// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Walks object graphs on a large stack. Java serializes by recursion: a lineage of hundreds of
 * steps, or a value of a thousand levels, that Spark just serializes on one thread's stack may not
 * fit that of another. Memory of a stack is taken as it is used. Stateless.
 */
final class DeepStack {
  /** 64 times a thread's default. */
  static final long BYTES = 64L << 20;

  private DeepStack() {}

  /**
   * Runs the walk on a thread of its own and waits for it.
   *
   * @throws IOException when the walk does
   */
  static <T> T call(Callable<T> walk) throws IOException {
    FutureTask<T> task = new FutureTask<>(walk);
    Thread thread = new Thread(null, task, "letsdata-walk", BYTES);
    thread.setDaemon(true);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while inputs of a stage were looked for", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      if (cause instanceof StackOverflowError) {
        throw new IOException(
            "Cannot look for the inputs of a stage: its objects are nested too deeply.", cause);
      }
      throw new IllegalStateException(cause);
    }
  }
}
