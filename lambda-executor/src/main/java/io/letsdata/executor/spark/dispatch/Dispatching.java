// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.settings.TimeLimit;
import io.letsdata.executor.spark.dispatch.ResultHandler.Inputs;
import io.letsdata.executor.spark.dispatch.TaskRunner.Payloads;
import io.letsdata.executor.spark.dispatch.TaskRunner.Responses;
import io.letsdata.executor.spark.publish.LaterDeletes;
import io.letsdata.executor.spark.publish.Publishing;
import io.letsdata.executor.spark.publish.RunContext;
import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.options.Internal;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.shuffle.driver.OutputRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.TaskDescription;

/**
 * The dispatches of an application: the parts of this package, put together. The package's
 * documentation has the table of their states. Thread-safe; closes nothing.
 */
@Internal
public final class Dispatching {
  private final LongSupplier nanoClock;
  private final CommitRights commitRights;
  private final KillRequests kills;
  private final TaskRunner runner;

  /** For a run whose stages {@code publishing} publishes. No request. */
  public static Dispatching of(
      RunContext run, Publishing publishing, OutputRegistry offsets, TaskReporter reporter) {
    Payloads payloads =
        (dispatch, inputs) ->
            publishing
                .payloads()
                .build(
                    dispatch.description(),
                    dispatch.id(),
                    dispatch.commitGeneration(),
                    dispatch.inputs(),
                    inputs);
    Inputs inputs =
        new Inputs() {
          @Override
          public void cached(List<CachedBlock> blocks) {
            publishing.cached().add(blocks);
          }

          @Override
          public boolean restore(String failure) {
            return publishing.restore(failure);
          }
        };
    return new Dispatching(run, payloads, offsets, inputs, reporter, System::nanoTime);
  }

  Dispatching(
      RunContext run,
      Payloads payloads,
      OutputRegistry offsets,
      Inputs inputs,
      TaskReporter reporter,
      LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.commitRights = new CommitRights(run.store(), run.layout());
    TimeLimit limit = run.function().limit();
    SettledObjects objects =
        new SettledObjects(
            new LaterDeletes(run, nanoClock),
            run.store(),
            run.layout(),
            commitRights,
            limit,
            run.settings().storeResponseAfter(),
            nanoClock);
    DispatchRights rights = new DispatchRights(commitRights, objects, limit);
    DispatchTable table = new DispatchTable(rights, run.threads().timer());
    DispatchSettler settler = new DispatchSettler(reporter, table, run.account(), objects);
    DispatchSteps steps = new DispatchSteps(run.threads().io(), run.threads().timer(), settler);
    CommitDenials denials = new CommitDenials(rights, reporter, table, run.threads().timer());
    ResultHandler results =
        new ResultHandler(run, offsets, inputs, rights, table, settler, denials);
    LostResponses lost =
        new LostResponses(
            run.store(),
            run.layout(),
            run.settings().storeResponseAfter(),
            rights,
            results,
            settler,
            steps);
    this.kills =
        new KillRequests(
            table,
            reporter,
            run.invoker()::withdrawUnwanted,
            run.store(),
            run.layout(),
            objects,
            steps::submit);
    this.runner =
        new TaskRunner(run, payloads, rights, table, settler, steps, new Responses(results, lost));
  }

  /**
   * Starts the dispatch of a task attempt. Its requests: README.md, "Requests".
   *
   * @return completes, never exceptionally, when the attempt's slot is free again
   */
  public CompletableFuture<Void> start(TaskDescription task, StageInputs inputs) {
    return start(dispatch(task, inputs));
  }

  /** A dispatch that is not started. */
  TaskDispatch dispatch(TaskDescription task, StageInputs inputs) {
    int generation = commitRights.generation(inputs.stageId(), task.partitionId());
    return new TaskDispatch(task, inputs, generation, nanoClock);
  }

  CompletableFuture<Void> start(TaskDispatch dispatch) {
    runner.start(dispatch);
    kills.started(dispatch);
    return dispatch.ended();
  }

  /**
   * Makes offers to Spark's scheduler and starts what it places; a kill that comes in between is
   * not lost. For one thread at a time.
   */
  public void duringOffers(Runnable offers) {
    kills.duringOffers(offers);
  }

  /** Kills a task that Spark does not want any more, later. One PUT while it may run. */
  public void kill(long taskId, String reason) {
    kills.kill(taskId, reason);
  }

  /**
   * Raises the kill flags of all dispatches in flight, later; for the end of the application. One
   * PUT each.
   *
   * @return keys of the flags
   */
  public Set<String> killAll() {
    return kills.killAll();
  }

  CommitRights commitRights() {
    return commitRights;
  }
}
