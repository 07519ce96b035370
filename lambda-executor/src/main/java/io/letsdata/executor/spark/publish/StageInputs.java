// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.protocol.Blob;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.protocol.ShuffleInput;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What every task of one stage attempt gets beside its own description, once it is published.
 *
 * @param stageId Spark's id of the stage
 * @param mayCommit whether it is a result stage, whose tasks may ask Spark's commit coordinator
 * @param runOnce whether a dispatch must not run twice at once
 * @param timeouts of its tasks so far
 * @param published completes when all objects are stored; fails with the reason otherwise; to
 *     cancel it ends merges for which nobody else waits
 */
public record StageInputs(
    int stageId,
    boolean mayCommit,
    boolean runOnce,
    Timeouts timeouts,
    CompletableFuture<Published> published) {

  /**
   * References of a stage's inputs, as each payload of the stage carries them.
   *
   * @param shuffles parents by id
   * @param broadcasts pieces that ride along
   * @param cached blocks of persisted RDDs
   */
  public record Published(
      Map<Integer, ShuffleInput> shuffles,
      Map<String, Blob> broadcasts,
      List<CachedBlock> cached) {}
}
