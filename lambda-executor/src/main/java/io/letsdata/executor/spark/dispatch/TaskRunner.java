// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.InvocationOutcome;
import io.letsdata.executor.invoke.InvocationOutcome.AnswerLost;
import io.letsdata.executor.invoke.InvocationOutcome.Answered;
import io.letsdata.executor.invoke.InvocationOutcome.FailureKind;
import io.letsdata.executor.invoke.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.invoke.InvocationOutcome.Refused;
import io.letsdata.executor.invoke.InvocationOutcome.Withdrawn;
import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.publish.CachedBlocks;
import io.letsdata.executor.spark.publish.PayloadBuilder;
import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.protocol.RunLayout;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs dispatches: payload, invocation, answer, and what follows from each way an answer can fail
 * to come. Thread-safe; blocking work runs on {@code executor}.
 */
public final class TaskRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final LambdaSettings settings;
  private final FunctionInfo function;
  private final LambdaInvoker invoker;
  private final PayloadBuilder payloads;
  private final DispatchRights rights;
  private final DispatchTable table;
  private final KillRequests kills;
  private final DispatchEnds ends;
  private final ResultHandler answers;
  private final LostResponses lost;
  private final Executor executor;
  private final ScheduledExecutorService timer;

  public TaskRunner(
      LambdaSettings settings,
      FunctionInfo function,
      LambdaInvoker invoker,
      PayloadBuilder payloads,
      ObjectStore store,
      RunLayout layout,
      OutputRegistry offsets,
      CachedBlocks cached,
      CommitRights rights,
      TaskEnds tasks,
      RunAccount account,
      Executor executor,
      ScheduledExecutorService timer) {
    this.settings = settings;
    this.function = function;
    this.invoker = invoker;
    this.payloads = payloads;
    this.executor = executor;
    this.timer = timer;
    Duration aliveAtMost = LambdaInvoker.aliveAtMost(function.timeout());
    this.rights = new DispatchRights(rights, aliveAtMost);
    this.table = new DispatchTable(this.rights, aliveAtMost, timer);
    this.ends = new DispatchEnds(tasks, table, account);
    this.answers =
        new ResultHandler(
            settings,
            function,
            store,
            offsets,
            cached::add,
            this.rights,
            table,
            ends,
            new CommitDenials(this.rights, tasks, table, timer),
            account);
    this.kills =
        new KillRequests(table, tasks, invoker::withdrawUnwanted, store, layout, this::later);
    this.lost =
        new LostResponses(
            store,
            layout,
            settings.storeResponseAfter(),
            aliveAtMost,
            this.rights,
            answers,
            ends,
            this::later);
  }

  /** Starts the dispatch; {@link TaskDispatch#ended} completes when its slot is free again. */
  @SuppressWarnings("FutureReturnValueIgnored") // every path ends in settle()
  public void start(TaskDispatch dispatch) {
    table.add(dispatch);
    dispatch
        .inputs()
        .published()
        .whenCompleteAsync(
            (inputs, failure) -> {
              if (dispatch.isReported()) {
                ends.end(dispatch);
              } else if (failure != null) {
                ends.abort(
                    dispatch, "Cannot publish the inputs of the stage: " + Failures.line(failure));
              } else {
                settling(dispatch, () -> invoke(dispatch, inputs));
              }
            },
            executor);
  }

  /** Whatever goes wrong, also an Error, ends the dispatch: its slot is never lost. */
  private void settling(TaskDispatch dispatch, LostResponses.Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.warn("Cannot settle {}", dispatch.label(), e);
      ends.fail(dispatch, "Cannot settle " + dispatch.label() + ": " + Failures.line(e));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // every path ends in settle()
  private void invoke(TaskDispatch dispatch, StageInputs.Published inputs) {
    byte[] payload;
    try {
      payload =
          payloads.build(
              dispatch.description(),
              dispatch.id(),
              dispatch.commitGeneration(),
              dispatch.inputs(),
              inputs);
    } catch (IOException | RuntimeException e) {
      ends.abort(
          dispatch, "Cannot build the payload of " + dispatch.label() + ": " + Failures.line(e));
      return;
    }
    invoker
        .invoke(payload, function.timeout(), dispatch)
        .whenComplete(
            (outcome, impossible) ->
                later(() -> settling(dispatch, () -> settle(dispatch, outcome))));
  }

  private void settle(TaskDispatch dispatch, InvocationOutcome outcome) throws IOException {
    if (outcome instanceof Answered answered) {
      if (!answers.accept(dispatch, answered.body(), answered.requestId(), answered.logTail())) {
        lost.awaitOtherRun(dispatch, "its right went to another run of it");
      }
    } else if (outcome instanceof FunctionFailed failed) {
      functionFailed(dispatch, failed);
    } else if (outcome instanceof AnswerLost broken) {
      lost.search(dispatch, broken.message());
    } else if (outcome instanceof Refused refused) {
      ends.abort(dispatch, refused.message());
    } else if (outcome instanceof Withdrawn) {
      ends.end(dispatch);
    }
  }

  private void functionFailed(TaskDispatch dispatch, FunctionFailed failed) throws IOException {
    dispatch.runs().ended(failed.requestId());
    String reason = Failures.describe(settings, function, dispatch, failed);
    if (!rights.fence(dispatch)) {
      // Sent again after an error of the service, it ran twice: the other run may be committing.
      lost.awaitOtherRun(dispatch, reason);
    } else if (Failures.isFinal(failed.kind())) {
      ends.abort(dispatch, reason);
    } else if (failed.kind() == FailureKind.TIMEOUT) {
      timedOut(dispatch, reason);
    } else {
      ends.fail(dispatch, reason);
    }
  }

  /** Each further try would be billed to the limit as well. */
  private void timedOut(TaskDispatch dispatch, String reason) {
    int times = dispatch.inputs().timeouts().add(dispatch.description().partitionId());
    if (times < settings.timeoutsPerTask()) {
      LOG.warn("Timeout {} of {} for {}", times, settings.timeoutsPerTask(), reason);
      ends.fail(dispatch, reason);
    } else {
      ends.abort(
          dispatch, "Timeout " + times + " of " + settings.timeoutsPerTask() + " for " + reason);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // settles the dispatch
  private void later(long millis, TaskDispatch dispatch, LostResponses.Step step) {
    timer.schedule(() -> later(() -> settling(dispatch, step)), millis, TimeUnit.MILLISECONDS);
  }

  private void later(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("The application is stopping", e);
    }
  }

  /** What ends the tasks that Spark wants no more. */
  public KillRequests kills() {
    return kills;
  }
}
