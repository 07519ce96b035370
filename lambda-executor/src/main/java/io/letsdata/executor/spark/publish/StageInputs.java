// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.options.Internal;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.protocol.ShuffleInput;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The inputs that all tasks of one stage attempt share, once they are published.
 *
 * @param stageId Spark's id of the stage
 * @param mayCommit whether it is a result stage, whose tasks may ask Spark's commit coordinator
 * @param runOnce whether a task must not run twice at once
 * @param timeouts counts of its tasks' timeouts so far
 * @param results bytes of its tasks' results so far
 * @param published completes when all objects are stored; fails with the reason otherwise;
 *     cancelling it ends the merges for which only this stage waits
 */
@Internal
public record StageInputs(
    int stageId,
    boolean mayCommit,
    boolean runOnce,
    TimeoutCounts timeouts,
    ResultBytes results,
    CompletableFuture<Published> published) {

  /**
   * References of a stage's inputs, as each payload of the stage carries them.
   *
   * @param shuffles parents by id
   * @param broadcasts pieces that are inside the payload
   * @param cached blocks of persisted RDDs
   */
  @Internal
  public record Published(
      Map<Integer, ShuffleInput> shuffles,
      Map<String, Blob> broadcasts,
      List<CachedBlock> cached) {}
}
