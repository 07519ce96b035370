// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.invoke.InvocationOutcome;
import io.letsdata.executor.invoke.InvocationOutcome.FailureKind;
import io.letsdata.executor.invoke.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.invoke.InvocationOutcome.Refused;
import io.letsdata.executor.invoke.InvocationOutcome.ResponseLost;
import io.letsdata.executor.invoke.InvocationOutcome.Returned;
import io.letsdata.executor.invoke.InvocationOutcome.Withdrawn;
import io.letsdata.executor.spark.publish.RunContext;
import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.protocol.LogTail;
import io.letsdata.protocol.Messages;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs dispatches: payload, invocation, and what follows from each outcome of it. Thread-safe;
 * requests are made on the run's executor for them.
 */
final class TaskRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final RunContext run;
  private final Payloads payloads;
  private final DispatchRights rights;
  private final DispatchTable table;
  private final DispatchSettler settler;
  private final DispatchSteps steps;
  private final Responses responses;

  /** Makes the bytes of an invocation. */
  interface Payloads {
    byte[] build(TaskDispatch dispatch, StageInputs.Published inputs) throws IOException;
  }

  /** The handlers of responses: of those that arrive, and of those that are lost. */
  record Responses(ResultHandler results, LostResponses lost) {}

  TaskRunner(
      RunContext run,
      Payloads payloads,
      DispatchRights rights,
      DispatchTable table,
      DispatchSettler settler,
      DispatchSteps steps,
      Responses responses) {
    this.run = run;
    this.payloads = payloads;
    this.rights = rights;
    this.table = table;
    this.settler = settler;
    this.steps = steps;
    this.responses = responses;
  }

  /** Starts the dispatch; {@link TaskDispatch#ended} completes when its slot is free again. */
  @SuppressWarnings("FutureReturnValueIgnored") // every path settles the dispatch
  void start(TaskDispatch dispatch) {
    table.add(dispatch);
    settler.started(dispatch);
    Executor executor = run.threads().io();
    dispatch
        .inputs()
        .published()
        .whenCompleteAsync(
            (inputs, failure) -> {
              if (dispatch.isReported()) {
                settler.end(dispatch);
              } else if (failure != null) {
                settler.abort(
                    dispatch,
                    "Cannot publish the inputs of the stage: " + FailureMessages.line(failure));
              } else {
                steps.now(dispatch, () -> invoke(dispatch, inputs));
              }
            },
            executor);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // every path settles the dispatch
  private void invoke(TaskDispatch dispatch, StageInputs.Published inputs) {
    byte[] payload;
    try {
      payload = payloads.build(dispatch, inputs);
      if (Messages.isStoredPayload(payload)) {
        dispatch.payloadIsStored();
      }
    } catch (IOException | RuntimeException e) {
      settler.abort(
          dispatch,
          "Cannot build the payload of " + dispatch.label() + ": " + FailureMessages.line(e));
      return;
    }
    run.invoker()
        .invoke(payload, run.function().limit().current(), dispatch)
        .whenComplete((outcome, ignored) -> steps.later(dispatch, () -> settle(dispatch, outcome)));
  }

  private void settle(TaskDispatch dispatch, InvocationOutcome outcome) throws IOException {
    if (outcome instanceof Returned returned) {
      if (!responses
          .results()
          .accept(dispatch, returned.body(), returned.requestId(), returned.logTail())) {
        responses.lost().awaitOther(dispatch, "its right went to another invocation of it");
      }
    } else if (outcome instanceof FunctionFailed failed) {
      functionFailed(dispatch, failed);
    } else if (outcome instanceof ResponseLost lost) {
      responses.lost().search(dispatch, lost.message());
    } else if (outcome instanceof Refused refused) {
      settler.abort(dispatch, refused.message());
    } else if (outcome instanceof Withdrawn) {
      settler.end(dispatch);
    } else {
      throw new IllegalStateException("Unknown outcome: " + outcome.getClass());
    }
  }

  private void functionFailed(TaskDispatch dispatch, FunctionFailed failed) throws IOException {
    dispatch.invocations().ended(failed.requestId());
    if (failed.kind() == FailureKind.LIMIT_RAISED) {
      LogTail.raisedLimit(failed.logTail()).ifPresent(run.function().limit()::raise);
    }
    String reason = FailureMessages.describe(run, dispatch, failed);
    if (!rights.fence(dispatch)) {
      // Sent again after a service error, it ran twice: the other invocation may be committing.
      responses.lost().awaitOther(dispatch, reason);
    } else if (FailureMessages.isFinal(failed.kind())) {
      settler.abort(dispatch, reason);
    } else if (failed.kind() == FailureKind.TIMEOUT) {
      timedOut(dispatch, reason);
    } else {
      settler.fail(dispatch, reason);
    }
  }

  /** Each further try would be billed up to the time limit as well. */
  private void timedOut(TaskDispatch dispatch, String reason) {
    int most = run.settings().timeoutsPerTask();
    int times = dispatch.inputs().timeouts().add(dispatch.description().partitionId());
    if (times < most) {
      LOG.warn("Timeout {} of {} for {}", times, most, reason);
      settler.fail(dispatch, reason);
    } else {
      settler.abort(dispatch, "Timeout " + times + " of " + most + " for " + reason);
    }
  }
}
