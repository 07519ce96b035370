// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.letsdata.options.Options;
import io.letsdata.protocol.Holder;
import io.letsdata.protocol.MergePayload;
import io.letsdata.protocol.MergeResponse;
import io.letsdata.protocol.Message;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.Session;
import io.letsdata.protocol.StoredPayload;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import io.letsdata.protocol.WorkerRequests;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.BucketNotFound;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import io.letsdata.worker.spark.CommitGate;
import io.letsdata.worker.spark.Invocation;
import io.letsdata.worker.spark.WorkerRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The function's handler: one invocation, one Spark task or one merge of shuffle outputs. Lambda
 * calls it from one thread and keeps one instance for the life of an environment; the Spark runtime
 * of the latest application is kept with it. Nothing is captured before the first invocation, so a
 * restored snapshot starts clean.
 */
public final class WorkerHandler implements RequestStreamHandler {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerHandler.class);

  private @Nullable WorkerRuntime runtime;

  /**
   * Runs the task of the payload. A failed task is a normal answer; an exception leaves here only
   * when not even a problem could be answered.
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    long started = System.nanoTime();
    Invocation invocation = Invocation.begun(context);
    byte[] request = whole(input.readAllBytes());
    if (Messages.isMerge(request)) {
      output.write(Messages.encode(merge(decode(request, MergePayload.class), invocation)));
      return;
    }
    TaskPayload payload = decode(request, TaskPayload.class);
    TaskResponse response = respond(payload, invocation);
    byte[] json = Messages.encode(response);
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    boolean mayBeLost = took.toMillis() > payload.storeResponseAfterMillis();
    if (response instanceof TaskResponse.Ended ended) {
      boolean counts = ended.commitHeld() || payload.runOnce();
      // One that was denied its commit says nothing that the holder's own answer does not; one
      // that the driver killed nothing that it does not know, unless it held a right.
      boolean denied = ended.commitHolder() != null;
      boolean killed = ended.state() == TaskState.KILLED && !ended.commitHeld();
      if (!denied && !killed && (mayBeLost || counts)) {
        keep(payload, json);
      }
    }
    output.write(json);
  }

  /** What was sent, also when it lies in the store. */
  private static byte[] whole(byte[] json) throws IOException {
    if (Messages.isStoredPayload(json)) {
      StoredPayload stored = Messages.decode(json, StoredPayload.class);
      return store(stored.store()).read(ObjectLocation.parse(stored.payloadLocation()));
    }
    return json;
  }

  private static <T extends Message> T decode(byte[] json, Class<T> type) throws IOException {
    try {
      return Messages.decode(json, type);
    } catch (IOException e) {
      throw new IOException(
          Messages.DIFFER
              + ": the function, "
              + Messages.BUILD
              + ", cannot read the payload. Deploy the function of the driver's version.",
          e);
    }
  }

  /** Best effort: whatever goes wrong is an answer, and costs the query nothing else. */
  private MergeResponse merge(MergePayload payload, Invocation invocation) {
    RequestCounts before = RequestMeter.PROCESS.counts();
    byte[] report = null;
    String problem = null;
    try {
      if (Messages.BUILD.equals(build(payload.session()))) {
        WorkerRuntime current =
            runtimeFor(payload.session(), store -> WorkerRuntime.start(payload, invocation, store));
        report = current.merge(payload, invocation).encode();
      } else {
        problem = differ(build(payload.session()));
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.warn("Cannot merge shuffle outputs", e);
      problem = String.valueOf(e);
    }
    return new MergeResponse(
        report, problem, WorkerRequests.toMap(RequestMeter.PROCESS.counts().minus(before)));
  }

  /** Null in a payload of another version, which may have no session. */
  private static @Nullable String build(@Nullable Session session) {
    return session == null ? null : session.build();
  }

  /** {@code driver} is null when the payload has no build: those of other versions may not. */
  private static String differ(@Nullable String driver) {
    return Messages.DIFFER
        + ": the driver is "
        + (driver == null ? "of a version that this function does not know" : driver)
        + ", the function "
        + Messages.BUILD
        + ". Deploy the function of the driver's version.";
  }

  private TaskResponse respond(TaskPayload payload, Invocation invocation) throws IOException {
    if (!Messages.BUILD.equals(build(payload.session()))) {
      return new TaskResponse.NotStarted(
          payload.dispatch(), invocation.nonce(), differ(build(payload.session())));
    }
    WorkerRuntime current;
    try {
      current =
          runtimeFor(payload.session(), store -> WorkerRuntime.start(payload, invocation, store));
    } catch (AccessDenied | BucketNotFound | ObjectNotFound | RuntimeException | LinkageError e) {
      // Another try would meet the same; any other IOException may pass, so the attempt fails.
      LOG.error("Cannot start a Spark runtime", e);
      return new TaskResponse.NotStarted(
          payload.dispatch(), invocation.nonce(), "the worker's Spark runtime did not start: " + e);
    }
    Optional<Holder> other = otherRun(payload, invocation);
    if (other.isPresent()) {
      LOG.info("Dispatch {} already runs as {}", payload.dispatch(), other.get().text());
      return new TaskResponse.LeftToOther(payload.dispatch(), invocation.nonce(), other.get());
    }
    return current.run(payload, invocation);
  }

  /**
   * Who runs a dispatch that must not run twice, when it is not we. One conditional PUT for those.
   */
  private static Optional<Holder> otherRun(TaskPayload payload, Invocation invocation)
      throws IOException {
    if (!payload.runOnce()) {
      return Optional.empty();
    }
    CommitGate claim =
        new CommitGate(
            store(payload.session().store()),
            payload.session().layout().claim(payload.dispatch()),
            payload.dispatch(),
            invocation);
    return claim.take() ? Optional.empty() : claim.holder();
  }

  /** Starts the runtime of an application. */
  private interface Start {
    WorkerRuntime with(ObjectStore store) throws IOException;
  }

  private WorkerRuntime runtimeFor(Session session, Start start) throws IOException {
    WorkerRuntime current = runtime;
    if (current != null && current.application().equals(session.application())) {
      return current;
    }
    if (current != null) {
      LOG.info("A new application: {} replaces {}", session.application(), current.application());
      runtime = null;
      current.close();
    }
    WorkerRuntime fresh = start.with(store(session.store()));
    runtime = fresh;
    return fresh;
  }

  /**
   * Stores the response for a driver whose connection broke; the first invocation of a dispatch
   * wins.
   */
  private static void keep(TaskPayload payload, byte[] json) throws IOException {
    RunLayout layout = payload.session().layout();
    try {
      boolean first =
          store(payload.session().store())
              .putIfAbsent(layout.response(payload.dispatch()), ObjectContent.of(json));
      if (!first) {
        LOG.info("Another invocation of dispatch {} was first", payload.dispatch());
      }
    } catch (OutcomeUnknown e) {
      LOG.warn("Cannot tell whether the response was stored; it is only the spare copy", e);
    }
  }

  private static ObjectStore store(Map<String, String> properties) {
    StoreSettings sent = StoreSettings.from(Options.ofSession(properties));
    return SharedStores.get(sent);
  }
}
