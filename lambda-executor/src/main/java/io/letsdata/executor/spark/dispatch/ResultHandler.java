// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.letsdata.executor.spark.publish.ResultBytes;
import io.letsdata.executor.spark.publish.RunContext;
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
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Accepts the responses of workers. Thread-safe. */
final class ResultHandler {
  private final RunContext run;
  private final OutputRegistry offsets;
  private final Inputs inputs;
  private final DispatchRights rights;
  private final DispatchTable table;
  private final DispatchSettler settler;
  private final CommitDenials denials;

  /** The published inputs of tasks, as responses change them. */
  interface Inputs {
    /** Adds the blocks that a task has cached. */
    void cached(List<CachedBlock> blocks);

    /**
     * Publishes the objects again that a failure names and that are missing.
     *
     * @return whether another try will find all that it names
     */
    boolean restore(String failure);
  }

  ResultHandler(
      RunContext run,
      OutputRegistry offsets,
      Inputs inputs,
      DispatchRights rights,
      DispatchTable table,
      DispatchSettler settler,
      CommitDenials denials) {
    this.run = run;
    this.offsets = offsets;
    this.inputs = inputs;
    this.rights = rights;
    this.table = table;
    this.settler = settler;
    this.denials = denials;
  }

  /**
   * Accepts a response and settles its dispatch. One GET when the result is an object.
   *
   * @return false when it settles nothing, because another invocation of the dispatch holds the
   *     right to commit or to run: the response of that one counts
   * @throws IOException when the response cannot be used
   */
  boolean accept(TaskDispatch dispatch, byte[] body, String requestId, String logTail)
      throws IOException {
    TaskResponse response;
    try {
      response = Messages.decode(body, TaskResponse.class);
    } catch (IOException e) {
      settler.abort(dispatch, notUnderstood(requestId, e));
      return true;
    }
    if (!dispatch.id().equals(response.dispatch())) {
      throw new IOException("the response belongs to dispatch " + response.dispatch());
    }
    dispatch.invocations().ended(response.invocation());
    if (response instanceof NotStarted refused) {
      notStarted(dispatch, refused, requestId);
      return true;
    } else if (response instanceof LeftToOther) {
      return false;
    } else if (response instanceof Ended ended) {
      run.account().requested(WorkerRequests.of(ended.requests()));
      Holder holder = ended.commitHolder();
      if (holder != null && holder.dispatch().equals(dispatch.id())) {
        return false;
      }
      settle(dispatch, ended, requestId, logTail);
      return true;
    } else {
      throw new IllegalStateException("Unknown response: " + response.getClass());
    }
  }

  private void notStarted(TaskDispatch dispatch, NotStarted refused, String requestId) {
    String reason =
        "Function '%s' cannot run tasks: %s (request %s)"
            .formatted(run.settings().function(), refused.problem(), requestId);
    if (inputs.restore(refused.problem())) {
      settler.fail(dispatch, reason);
    } else {
      settler.abort(dispatch, reason);
    }
  }

  private void settle(TaskDispatch dispatch, Ended response, String requestId, String logTail)
      throws IOException {
    TaskState state = response.state();
    Holder holder = response.commitHolder();
    for (CachedBlock block : response.cached()) {
      var unused = run.layout().own(block.location()); // it is deleted when it is unpersisted
    }
    for (byte[] output : response.mapOutputs()) {
      offsets.add(output);
    }
    if (!dispatch.isReported()) {
      inputs.cached(response.cached());
    }
    if (response.commitHeld() || holder != null) {
      rights.taken(dispatch);
    }
    if (!response.result().hasBytes()) {
      settler.left(run.layout().own(response.result().location()));
    }
    byte[] data;
    try {
      data = data(dispatch, response);
    } catch (ResultFetch.TooManyBytes e) {
      settler.abort(dispatch, String.valueOf(e.getMessage()));
      return;
    }
    if (holder != null) {
      denied(dispatch, state, data, holder);
      return;
    }
    if (response.commitHeld() && (state != TaskState.FINISHED || dispatch.isReported())) {
      rights.released(dispatch);
    }
    if (state == TaskState.FAILED) {
      var unused = inputs.restore(new String(data, ISO_8859_1)); // for the next try
    }
    String note =
        state == TaskState.FAILED
            ? FailureMessages.where(run, requestId, response.logStream(), logTail)
            : "";
    settler.executorReported(dispatch, state, data, note);
  }

  /** The bytes that Spark reads; none when the end of the task has been reported before. */
  private byte[] data(TaskDispatch dispatch, Ended response) throws IOException {
    if (dispatch.isReported()) {
      return new byte[0];
    }
    Blob result = response.result();
    ResultBytes results =
        response.state() == TaskState.FINISHED ? dispatch.inputs().results() : new ResultBytes(0);
    if (result.hasBytes()) {
      var unused = results.add(result.inline().length); // Spark refuses it, if need be
      return result.inline();
    }
    return new ResultFetch(run.store(), results).read(run.layout().own(result.location()));
  }

  /** Reported at once when the holder cannot commit any more, else held until it cannot. */
  private void denied(TaskDispatch denied, TaskState state, byte[] data, Holder holder) {
    Optional<DispatchInvocations> alive =
        table.mayBeAlive(holder.dispatch()).filter(invocations -> !invocations.hasEnded(holder));
    if (alive.isPresent()) {
      settler.end(denied);
      denials.hold(denied, state, data, alive.get());
    } else {
      rights.released(denied);
      settler.executorReported(denied, state, data, "");
    }
  }

  private String notUnderstood(String requestId, IOException why) {
    return "Function '"
        + run.settings().function()
        + "' sent a response that this driver, "
        + Messages.BUILD
        + ", does not understand (request "
        + requestId
        + "): "
        + FailureMessages.line(why).lines().findFirst().orElse("")
        + ". Deploy the worker function of the driver's version.";
  }
}
