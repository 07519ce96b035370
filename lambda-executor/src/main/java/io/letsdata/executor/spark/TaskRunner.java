package io.letsdata.executor.spark;

import io.letsdata.executor.CommitRights;
import io.letsdata.executor.FunctionInfo;
import io.letsdata.executor.InvocationOutcome;
import io.letsdata.executor.InvocationOutcome.AnswerLost;
import io.letsdata.executor.InvocationOutcome.Answered;
import io.letsdata.executor.InvocationOutcome.FailureKind;
import io.letsdata.executor.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.InvocationOutcome.Refused;
import io.letsdata.executor.InvocationOutcome.Withdrawn;
import io.letsdata.executor.LambdaInvoker;
import io.letsdata.executor.LambdaSettings;
import io.letsdata.executor.RunAccount;
import io.letsdata.executor.protocol.Blob;
import io.letsdata.executor.protocol.Messages;
import io.letsdata.executor.protocol.RunLayout;
import io.letsdata.executor.protocol.TaskResponse;
import io.letsdata.executor.protocol.WorkerRequests;
import io.letsdata.shuffle.MapReport;
import io.letsdata.shuffle.ShuffleOffsets;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
final class TaskRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);
  private static final Duration SEARCH_MARGIN = Duration.ofSeconds(3);
  private static final long MAX_SEARCH_PAUSE_MILLIS = 5_000;

  private final LambdaSettings settings;
  private final FunctionInfo function;
  private final LambdaInvoker invoker;
  private final PayloadBuilder payloads;
  private final ObjectStore store;
  private final RunLayout layout;
  private final ShuffleOffsets offsets;
  private final CachedBlocks cached;
  private final DispatchRights rights;
  private final TaskEnds ends;
  private final RunAccount account;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final Map<String, TaskDispatch> inFlight = new ConcurrentHashMap<>();
  private final Map<Long, TaskDispatch> byTask = new ConcurrentHashMap<>();

  TaskRunner(
      LambdaSettings settings,
      FunctionInfo function,
      LambdaInvoker invoker,
      PayloadBuilder payloads,
      ObjectStore store,
      RunLayout layout,
      ShuffleOffsets offsets,
      CachedBlocks cached,
      CommitRights rights,
      TaskEnds ends,
      RunAccount account,
      Executor executor,
      ScheduledExecutorService timer) {
    this.settings = settings;
    this.function = function;
    this.invoker = invoker;
    this.payloads = payloads;
    this.store = store;
    this.layout = layout;
    this.offsets = offsets;
    this.cached = cached;
    this.rights = new DispatchRights(rights);
    this.ends = ends;
    this.account = account;
    this.executor = executor;
    this.timer = timer;
  }

  /** Starts the dispatch; {@link TaskDispatch#ended} completes when its slot is free again. */
  @SuppressWarnings("FutureReturnValueIgnored") // every path ends in settle()
  void start(TaskDispatch dispatch) {
    inFlight.put(dispatch.id(), dispatch);
    byTask.put(dispatch.description().taskId(), dispatch);
    dispatch
        .inputs()
        .published()
        .whenCompleteAsync(
            (inputs, failure) -> {
              if (dispatch.isReported()) {
                end(dispatch);
              } else if (failure != null) {
                abort(
                    dispatch, "Cannot publish the inputs of the stage: " + Failures.line(failure));
              } else {
                settling(dispatch, () -> invoke(dispatch, inputs));
              }
            },
            executor);
  }

  private interface Settling {
    void run() throws IOException;
  }

  /** Whatever goes wrong, also an Error, ends the dispatch: its slot is never lost. */
  private void settling(TaskDispatch dispatch, Settling step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.warn("Cannot settle {}", dispatch.label(), e);
      fail(dispatch, "Cannot settle " + dispatch.label() + ": " + Failures.line(e));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // every path ends in settle()
  private void invoke(TaskDispatch dispatch, StageInputs.Published inputs) {
    byte[] payload;
    try {
      payload = payloads.build(dispatch, inputs);
    } catch (IOException | RuntimeException e) {
      abort(dispatch, "Cannot build the payload of " + dispatch.label() + ": " + Failures.line(e));
      return;
    }
    invoker
        .invoke(payload, function.timeout(), () -> !dispatch.isReported())
        .whenComplete(
            (outcome, impossible) ->
                later(() -> settling(dispatch, () -> settle(dispatch, outcome))));
  }

  private void settle(TaskDispatch dispatch, InvocationOutcome outcome) throws IOException {
    if (outcome instanceof Answered answered) {
      accept(dispatch, answered.body(), answered.requestId(), answered.logTail());
    } else if (outcome instanceof FunctionFailed failed) {
      functionFailed(dispatch, failed);
    } else if (outcome instanceof AnswerLost lost) {
      search(new Search(dispatch, lost.message(), patience(dispatch), deadline(), 100));
    } else if (outcome instanceof Refused refused) {
      abort(dispatch, refused.message());
    } else if (outcome instanceof Withdrawn) {
      end(dispatch);
    }
  }

  private void accept(TaskDispatch dispatch, byte[] body, String requestId, String logTail)
      throws IOException {
    TaskResponse response;
    try {
      response = Messages.decode(body, TaskResponse.class);
    } catch (IOException e) {
      abort(
          dispatch,
          "Function '"
              + settings.function()
              + "' gave an answer that this driver, "
              + Messages.BUILD
              + ", does not understand (request "
              + requestId
              + "): "
              + Failures.line(e).lines().findFirst().orElse("")
              + ". Deploy the worker function of the driver's version.");
      return;
    }
    if (!dispatch.id().equals(response.dispatch())) {
      throw new IOException("the answer belongs to dispatch " + response.dispatch());
    }
    account.requested(WorkerRequests.of(response.requests()));
    if (response.problem() != null) {
      abort(
          dispatch,
          "Function '%s' cannot run tasks: %s (request %s)"
              .formatted(settings.function(), response.problem(), requestId));
      return;
    }
    String holder = response.commitHolder();
    if (holder != null && CommitRights.dispatchOf(holder).equals(dispatch.id())) {
      // This dispatch ran twice; the other run holds the right, so its answer is the one that
      // counts.
      String why = "its commit right went to another run of it";
      notThere(new Search(dispatch, why, deadline(), deadline(), 100));
      return;
    }
    String state = response.state();
    Blob result = response.result();
    if (state == null || result == null) {
      throw new IOException("the answer has no state or no result");
    }
    for (byte[] output : response.mapOutputs()) {
      offsets.add(MapReport.decode(output));
    }
    if (!dispatch.isReported()) {
      cached.add(response.cached());
    }
    TaskDispatch other = holder == null ? null : inFlight.get(CommitRights.dispatchOf(holder));
    boolean heldInVain =
        response.commitHeld() && (!state.equals("FINISHED") || dispatch.isReported());
    boolean holderIsGone = holder != null && other == null;
    if (heldInVain || holderIsGone) {
      rights.released(dispatch);
    }
    String note =
        state.equals("FAILED") ? Failures.where(settings, function, requestId, logTail) : "";
    byte[] data = result.ridesAlong() ? result.inline() : store.read(result.object());
    if (other != null) {
      holdDenied(dispatch, state, data, other);
    } else {
      ends.executorSaid(dispatch, state, data, note);
    }
    end(dispatch);
  }

  /**
   * A denied commit is not counted by Spark, so telling it at once would start the copy again and
   * again. It is told when the holder has ended; when the holder succeeds, Spark kills the copy
   * first.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // told once, by whichever comes first
  private void holdDenied(TaskDispatch dispatch, String state, byte[] data, TaskDispatch holder) {
    LOG.info("{} waits for {}, which holds the commit right", dispatch.label(), holder.label());
    holder
        .ended()
        .whenComplete(
            (done, never) ->
                timer.schedule(
                    () -> ends.executorSaid(dispatch, state, data, ""), 1, TimeUnit.SECONDS));
  }

  private void functionFailed(TaskDispatch dispatch, FunctionFailed failed) throws IOException {
    rights.revoke(dispatch);
    String reason = Failures.describe(settings, function, dispatch, failed);
    if (Failures.isFinal(failed.kind())) {
      abort(dispatch, reason);
    } else if (failed.kind() == FailureKind.TIMEOUT) {
      timedOut(dispatch, reason);
    } else {
      fail(dispatch, reason);
    }
  }

  /** Each further try would be billed to the limit as well. */
  private void timedOut(TaskDispatch dispatch, String reason) {
    int times = dispatch.inputs().timeouts().add(dispatch.description().partitionId());
    if (times < settings.timeoutsPerTask()) {
      LOG.warn("Timeout {} of {} for {}", times, settings.timeoutsPerTask(), reason);
      fail(dispatch, reason);
    } else {
      abort(dispatch, "Timeout " + times + " of " + settings.timeoutsPerTask() + " for " + reason);
    }
  }

  /**
   * The search for the answer of a run that may still go on.
   *
   * @param until when it is given up, unless it holds its commit right
   * @param deadline when no run of it can be alive any more
   */
  private record Search(
      TaskDispatch dispatch, String why, long until, long deadline, long pauseMillis) {
    Search slower() {
      long pause = Math.min(pauseMillis * 2, MAX_SEARCH_PAUSE_MILLIS);
      return new Search(dispatch, why, until, deadline, pause);
    }
  }

  /** Nanoseconds of the clock: what runs now has ended by then. */
  private long deadline() {
    return System.nanoTime() + function.timeout().plus(SEARCH_MARGIN).toNanos();
  }

  /**
   * Short tasks store no response, so there is nothing to wait for once they could have. One whose
   * connection broke early may be a long one; running it again costs less than the wait.
   */
  private long patience(TaskDispatch dispatch) {
    Duration stores = settings.storeResponseAfter().plus(SEARCH_MARGIN);
    return dispatch.age().compareTo(settings.storeResponseAfter()) < 0
        ? System.nanoTime() + stores.toNanos()
        : deadline();
  }

  /** Looks for the stored response of a lost answer, one GET a try. */
  private void search(Search search) throws IOException {
    byte[] stored;
    try {
      stored = store.read(layout.response(search.dispatch().id()));
    } catch (ObjectNotFound e) {
      notThere(search);
      return;
    }
    LOG.info("The answer of {} was lost and found in the store", search.dispatch().label());
    accept(search.dispatch(), stored, "unknown", "");
  }

  /** Looks again after a pause, or gives up; never while the run may be committing. */
  private void notThere(Search search) throws IOException {
    TaskDispatch dispatch = search.dispatch();
    long now = System.nanoTime();
    boolean over = now - search.deadline() >= 0;
    boolean patient = now - search.until() < 0 && !dispatch.isReported();
    if (!over && (patient || rights.mayBeCommitting(dispatch))) {
      again(search.slower());
      return;
    }
    rights.revoke(dispatch);
    fail(
        dispatch,
        "The answer of %s was lost (%s) and it stored none within %d s."
            .formatted(dispatch.label(), search.why(), dispatch.age().toSeconds()));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // settles the dispatch
  private void again(Search search) {
    timer.schedule(
        () -> later(() -> settling(search.dispatch(), () -> search(search))),
        search.pauseMillis(),
        TimeUnit.MILLISECONDS);
  }

  private void later(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("The application is stopping", e);
    }
  }

  private void fail(TaskDispatch dispatch, String reason) {
    ends.lost(dispatch, reason);
    end(dispatch);
  }

  private void abort(TaskDispatch dispatch, String reason) {
    ends.abortStage(dispatch, reason);
    end(dispatch);
  }

  private void end(TaskDispatch dispatch) {
    account.taskEnded();
    inFlight.remove(dispatch.id());
    byTask.remove(dispatch.description().taskId());
    dispatch.ended().complete(null);
  }

  /**
   * Lambda has no way to stop an invocation: raises the flag that the worker polls and tells Spark
   * at once; the late answer is ignored. One PUT.
   */
  void kill(long taskId, String reason) {
    TaskDispatch dispatch = byTask.get(taskId);
    if (dispatch != null) {
      later(
          () -> {
            ends.killed(dispatch, reason);
            raiseKillFlag(dispatch);
          });
    }
  }

  /**
   * Raises the flags of everything in flight, on the executor's threads; used when the application
   * stops.
   *
   * @return keys of the flags
   */
  Set<String> killAll() {
    Set<String> flags = new HashSet<>();
    for (TaskDispatch dispatch : inFlight.values()) {
      flags.add(layout.kill(dispatch.id()).key());
      later(() -> raiseKillFlag(dispatch));
    }
    return flags;
  }

  private void raiseKillFlag(TaskDispatch dispatch) {
    try {
      store.put(layout.kill(dispatch.id()), ObjectContent.of(new byte[0]));
    } catch (IOException e) {
      LOG.warn("Cannot raise the kill flag of {}; it runs to its end", dispatch.label(), e);
    }
  }
}
