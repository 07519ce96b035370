// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import java.util.List;
import java.util.Map;

/**
 * One task, as the driver sends it to a worker. JSON, since Lambda accepts nothing else.
 *
 * @param session the application of the task
 * @param dispatch UUID of this dispatch; part of the keys of its stored response and its kill flag
 * @param commitGeneration which commit right is valid for this partition, see {@link
 *     RunLayout#commit}
 * @param runOnce whether a second invocation of this dispatch must not start the task, see {@link
 *     RunLayout#claim}
 * @param limitMillis how long an invocation may work, by the driver's account: it ends itself then,
 *     even where the function's own limit is longer
 * @param storeResponseAfterMillis a task that took longer also stores its response
 * @param killWatchAfterMillis a task that takes longer looks for its kill flag
 * @param inlineLimitBytes results up to this size are inside the response, larger ones are objects
 * @param shuffles parent shuffles by id
 * @param broadcasts broadcast pieces that are inside the payload, by block name; all others are
 *     objects of the run
 * @param cached blocks of the persisted RDDs that this stage uses
 * @param files locations of the published copies of files that the driver serves, by their {@code
 *     spark://} URL
 * @param task Spark's encoded {@code TaskDescription}
 */
@Internal
public record TaskPayload(
    Session session,
    String dispatch,
    long taskId,
    int stageId,
    int partition,
    int commitGeneration,
    boolean runOnce,
    long limitMillis,
    long storeResponseAfterMillis,
    long killWatchAfterMillis,
    long inlineLimitBytes,
    Map<Integer, ShuffleInput> shuffles,
    Map<String, Blob> broadcasts,
    List<CachedBlock> cached,
    Map<String, String> files,
    Blob task)
    implements Message {

  /** The same task with another session. */
  public TaskPayload with(Session other) {
    return new TaskPayload(
        other,
        dispatch,
        taskId,
        stageId,
        partition,
        commitGeneration,
        runOnce,
        limitMillis,
        storeResponseAfterMillis,
        killWatchAfterMillis,
        inlineLimitBytes,
        shuffles,
        broadcasts,
        cached,
        files,
        task);
  }
}
