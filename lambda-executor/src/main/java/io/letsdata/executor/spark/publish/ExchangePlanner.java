// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.spark.publish.ShufflePublisher.ShuffleSnapshot;
import io.letsdata.protocol.Blob;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.shuffle.driver.ExchangePlan;
import io.letsdata.shuffle.driver.ExchangePrices;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MergeJob;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.scheduler.TaskSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans how the outputs of a map stage reach the tasks that read them, and starts merges first
 * where that is cheaper. {@link ExchangePlan} has the arithmetic. Thread-safe.
 */
final class ExchangePlanner {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangePlanner.class);

  /** A merge holds its whole cell in memory, beside its prefetch and what Spark needs. */
  private static final int SHARE_OF_MEMORY = 4;

  private final OutputRegistry offsets;
  private final ExchangeOptions options;
  private final ExchangePrices prices;
  private final ShufflePublisher publisher;
  private final PayloadBuilder payloads;
  private final MergeDispatcher merges;

  ExchangePlanner(
      FunctionInfo function,
      OutputRegistry offsets,
      ExchangeOptions options,
      ExchangePrices prices,
      ShufflePublisher publisher,
      PayloadBuilder payloads,
      MergeDispatcher merges) {
    this.offsets = offsets;
    this.options = fitting(options, function);
    this.prices = prices;
    this.publisher = publisher;
    this.payloads = payloads;
    this.merges = merges;
  }

  /** The options, with cells that fit into the function's memory as far as that is known. */
  static ExchangeOptions fitting(ExchangeOptions options, FunctionInfo function) {
    long most = (function.memoryMb() << 20) / SHARE_OF_MEMORY;
    if (most <= 0 || options.mergeBytes() <= most) {
      return options;
    }
    return new ExchangeOptions(
        options.mode(), (int) most, options.mergeTimeout(), options.dollarsPerSecond());
  }

  /**
   * Prepares a shuffle for the tasks of a stage. No request when it is read directly; when it is
   * combined, at most one PUT here and one more for each merge whose payload is large.
   *
   * @param cancelled fails when the stage has been cancelled
   * @return completes when merges have ended or {@link ExchangePlan#mergeWait} has passed; tables
   *     that are made afterwards name what has been merged by then
   */
  CompletableFuture<Void> prepare(
      ShuffleSnapshot shuffle, TaskSet stage, CompletableFuture<?> cancelled) {
    if (shuffle.readByMap()) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      return merge(shuffle, stage, cancelled);
    } catch (RuntimeException e) {
      LOG.warn("Cannot plan merges of shuffle {}: it is read directly", shuffle.shuffleId(), e);
      return CompletableFuture.completedFuture(null);
    }
  }

  private CompletableFuture<Void> merge(
      ShuffleSnapshot shuffle, TaskSet stage, CompletableFuture<?> cancelled) {
    int id = shuffle.shuffleId();
    ExchangePlan plan =
        ExchangePlan.choose(
            offsets.shape(id, shuffle.maps(), stage.tasks().length), options, prices);
    List<MergeJob> jobs = offsets.planMerges(id, shuffle.maps(), plan);
    if (jobs.isEmpty() && plan.kind() == ExchangePlan.Kind.COMBINED) {
      LOG.info("Shuffle {} of stage {}: merged before, or nothing to merge", id, stage.stageId());
    } else {
      LOG.info("Shuffle {} of stage {}: {}", id, stage.stageId(), plan.why());
    }
    if (jobs.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Blob table = publisher.table(shuffle, jobs.size()).blob();
    return merges.run(
        jobs,
        (job, dispatch, left) -> payloads.merge(job, table, dispatch, stage, left),
        plan.mergeWait(options.mergeTimeout()),
        cancelled);
  }
}
