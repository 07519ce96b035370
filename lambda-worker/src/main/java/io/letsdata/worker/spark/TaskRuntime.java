// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.options.Internal;
import io.letsdata.protocol.MergePayload;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.concurrent.CancellationException;

/**
 * The runtime of one application inside one execution environment. One task or merge at a time; its
 * owner closes it.
 */
@Internal
public interface TaskRuntime extends AutoCloseable {

  /** Starts runtimes. */
  interface Factory {

    /**
     * Starts the runtime of a task's application. One GET.
     *
     * @throws IOException when the application's conf cannot be read
     */
    TaskRuntime start(TaskPayload first, Invocation invocation, ObjectStore store)
        throws IOException;

    /** The same for a merge. */
    TaskRuntime start(MergePayload first, Invocation invocation, ObjectStore store)
        throws IOException;
  }

  /** Id of the application that it belongs to. */
  String application();

  /**
   * Runs a task to its end. Stores its cached blocks and, when it is too large for the response,
   * its result: one PUT each.
   *
   * @return the end of the task, also when the task failed
   * @throws IOException when a block or the result cannot be stored
   */
  TaskResponse run(TaskPayload payload, Invocation invocation) throws IOException;

  /**
   * Merges shuffle outputs.
   *
   * @throws IOException when an output cannot be read, or the merged object cannot be stored
   * @throws CancellationException when the driver does not wait for it any longer
   */
  MergeReport merge(MergePayload payload, Invocation invocation) throws IOException;

  @Override
  void close();
}
