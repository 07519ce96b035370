// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.protocol.Holder;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskResponse.Ended;
import io.letsdata.protocol.TaskResponse.LeftToOther;
import io.letsdata.protocol.TaskResponse.NotStarted;
import io.letsdata.protocol.TaskState;
import io.letsdata.protocol.WorkerRequests;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes over what workers answer. Thread-safe. */
final class ResultHandler {
  private final LambdaSettings settings;
  private final FunctionInfo function;
  private final ObjectStore store;
  private final OutputRegistry offsets;
  private final Consumer<List<CachedBlock>> cached;
  private final DispatchRights rights;
  private final DispatchTable table;
  private final DispatchEnds ends;
  private final CommitDenials denied;
  private final RunAccount account;

  ResultHandler(
      LambdaSettings settings,
      FunctionInfo function,
      ObjectStore store,
      OutputRegistry offsets,
      Consumer<List<CachedBlock>> cached,
      DispatchRights rights,
      DispatchTable table,
      DispatchEnds ends,
      CommitDenials denied,
      RunAccount account) {
    this.settings = settings;
    this.function = function;
    this.store = store;
    this.offsets = offsets;
    this.cached = cached;
    this.rights = rights;
    this.table = table;
    this.ends = ends;
    this.denied = denied;
    this.account = account;
  }

  /**
   * Takes an answer over and settles its dispatch. One GET when the result lies in the store.
   *
   * @return false when it settles nothing, because another run of the dispatch holds the right to
   *     commit or to run: that one's answer counts
   * @throws IOException when the answer cannot be used
   */
  boolean accept(TaskDispatch dispatch, byte[] body, String requestId, String logTail)
      throws IOException {
    TaskResponse response;
    try {
      response = Messages.decode(body, TaskResponse.class);
    } catch (IOException e) {
      ends.abort(dispatch, notUnderstood(requestId, e));
      return true;
    }
    if (!dispatch.id().equals(response.dispatch())) {
      throw new IOException("the answer belongs to dispatch " + response.dispatch());
    }
    dispatch.runs().ended(response.invocation());
    if (response instanceof NotStarted refused) {
      ends.abort(
          dispatch,
          "Function '%s' cannot run tasks: %s (request %s)"
              .formatted(settings.function(), refused.problem(), requestId));
      return true;
    } else if (response instanceof LeftToOther) {
      return false;
    } else if (response instanceof Ended ended) {
      account.requested(WorkerRequests.of(ended.requests()));
      Holder holder = ended.commitHolder();
      if (holder != null && holder.dispatch().equals(dispatch.id())) {
        return false;
      }
      settle(dispatch, ended, requestId, logTail);
      return true;
    } else {
      throw new IllegalStateException("No such response: " + response.getClass());
    }
  }

  private void settle(TaskDispatch dispatch, Ended response, String requestId, String logTail)
      throws IOException {
    TaskState state = response.state();
    Blob result = response.result();
    Holder holder = response.commitHolder();
    for (byte[] output : response.mapOutputs()) {
      offsets.add(MapReport.decode(output));
    }
    if (!dispatch.isReported()) {
      cached.accept(response.cached());
    }
    byte[] data = result.hasBytes() ? result.inline() : store.read(result.object());
    if (holder != null) {
      denied(dispatch, state, data, holder);
      return;
    }
    if (response.commitHeld() && (state != TaskState.FINISHED || dispatch.isReported())) {
      rights.released(dispatch);
    }
    String note =
        state == TaskState.FAILED
            ? Failures.where(settings, function, requestId, response.logStream(), logTail)
            : "";
    ends.executorSaid(dispatch, state, data, note);
  }

  /** Told at once when the holder cannot commit any more. */
  private void denied(TaskDispatch copy, TaskState state, byte[] data, Holder holder) {
    Optional<DispatchRuns> alive =
        table.mayBeAlive(holder.dispatch()).filter(runs -> !runs.hasEnded(holder));
    if (alive.isPresent()) {
      ends.end(copy);
      denied.hold(copy, state, data, alive.get());
    } else {
      rights.released(copy);
      ends.executorSaid(copy, state, data, "");
    }
  }

  private String notUnderstood(String requestId, IOException why) {
    return "Function '"
        + settings.function()
        + "' gave an answer that this driver, "
        + Messages.BUILD
        + ", does not understand (request "
        + requestId
        + "): "
        + Failures.line(why).lines().findFirst().orElse("")
        + ". Deploy the worker function of the driver's version.";
  }
}
