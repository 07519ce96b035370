// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker answers. One of three shapes: a finished or failed Spark task ({@code state} and
 * {@code result}), or a worker that could not start ({@code problem}).
 *
 * @param dispatch the dispatch this answers
 * @param invocation nonce of this invocation, in every key it wrote
 * @param pid process id of the worker, for logs
 * @param state Spark's terminal task state
 * @param result what Spark's executor reported: a serialized task result or failure reason
 * @param problem why no task was run: wrong build, unreadable conf, no memory
 * @param commitHeld this invocation took the commit right of its partition
 * @param commitHolder the dispatch that holds the right this invocation was denied
 * @param mapOutputs encoded {@code MapReport}s of what was committed
 * @param cached blocks that were cached and stored
 * @param requests S3 requests by kind, retries included
 * @param logStream of CloudWatch, where this run's log is; null outside a function
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskResponse(
    String dispatch,
    String invocation,
    long pid,
    @Nullable String state,
    @Nullable Blob result,
    @Nullable String problem,
    boolean commitHeld,
    @Nullable String commitHolder,
    List<byte[]> mapOutputs,
    List<CachedBlock> cached,
    Map<String, Long> requests,
    @Nullable String logStream) {

  /** A run that left its dispatch to another run, whose stored response counts. */
  public static TaskResponse leftTo(String dispatch, String invocation, String holder) {
    return new TaskResponse(
        dispatch,
        invocation,
        ProcessHandle.current().pid(),
        null,
        null,
        null,
        false,
        holder,
        List.of(),
        List.of(),
        Map.of(),
        null);
  }

  /**
   * A worker that could not run the task at all; the driver fails the stage with {@code problem}.
   */
  public static TaskResponse problem(String dispatch, String invocation, String problem) {
    return new TaskResponse(
        dispatch,
        invocation,
        ProcessHandle.current().pid(),
        null,
        null,
        problem,
        false,
        null,
        List.of(),
        List.of(),
        Map.of(),
        null);
  }
}
