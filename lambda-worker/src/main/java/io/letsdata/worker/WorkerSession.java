// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import io.letsdata.protocol.Holder;
import io.letsdata.protocol.MergePayload;
import io.letsdata.protocol.MergeResponse;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.ObjectNotAuthentic;
import io.letsdata.protocol.Session;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.WorkerRequests;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.BucketNotFound;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import io.letsdata.worker.spark.CommitGate;
import io.letsdata.worker.spark.Invocation;
import io.letsdata.worker.spark.TaskRuntime;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides in which runtime a payload runs, and whether it may run. Keeps the runtime of the latest
 * application; a payload of another application closes it. For one thread.
 */
final class WorkerSession {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerSession.class);

  private final TaskRuntime.Factory runtimes;
  private final WorkerStores stores;
  private @Nullable TaskRuntime runtime;

  WorkerSession(TaskRuntime.Factory runtimes, WorkerStores stores) {
    this.runtimes = runtimes;
    this.stores = stores;
  }

  /**
   * Runs the task of the payload, if it may run here.
   *
   * @return the end of the task; or the reason why it did not start, which no other try would
   *     change
   * @throws IOException when the task did not run, or its result was not stored, for a reason that
   *     may pass
   */
  TaskResponse run(TaskPayload payload, Invocation invocation) throws IOException {
    Optional<String> difference = difference(payload.session());
    if (difference.isPresent()) {
      return new TaskResponse.NotStarted(payload.dispatch(), invocation.nonce(), difference.get());
    }
    TaskRuntime current;
    try {
      current = runtimeOf(payload.session(), store -> runtimes.start(payload, invocation, store));
    } catch (AccessDenied
        | BucketNotFound
        | ObjectNotFound
        | ObjectNotAuthentic
        | RuntimeException
        | LinkageError e) {
      // Another try would fail for the same reason. Any other IOException may pass: the attempt
      // fails, and Spark tries the task again.
      LOG.error("Cannot start a Spark runtime", e);
      return new TaskResponse.NotStarted(
          payload.dispatch(), invocation.nonce(), "the worker's Spark runtime did not start: " + e);
    }
    Optional<Holder> other = otherInvocation(payload, invocation);
    if (other.isPresent()) {
      LOG.info("Dispatch {} already runs as {}", payload.dispatch(), other.get().text());
      return new TaskResponse.LeftToOther(payload.dispatch(), invocation.nonce(), other.get());
    }
    return current.run(payload, invocation);
  }

  /** Merges shuffle outputs. A failure is in the response: it costs the query only the merge. */
  MergeResponse merge(MergePayload payload, Invocation invocation) {
    RequestCounts before = RequestMeter.PROCESS.counts();
    byte[] report = null;
    String problem = difference(payload.session()).orElse(null);
    if (problem == null) {
      try {
        report =
            runtimeOf(payload.session(), store -> runtimes.start(payload, invocation, store))
                .merge(payload, invocation)
                .encode();
      } catch (IOException | RuntimeException | LinkageError e) {
        LOG.warn("Cannot merge shuffle outputs", e);
        problem = String.valueOf(e);
      }
    }
    return new MergeResponse(
        report, problem, WorkerRequests.toMap(RequestMeter.PROCESS.counts().minus(before)));
  }

  /**
   * The difference between the builds of driver and worker; empty when there is none.
   *
   * @param session null in a payload of another version, which may have none
   */
  private static Optional<String> difference(@Nullable Session session) {
    String driver = session == null ? null : session.build();
    if (Messages.BUILD.equals(driver)) {
      return Optional.empty();
    }
    return Optional.of(
        Messages.DIFFER
            + ": the driver is "
            + (driver == null ? "of a version that this function does not know" : driver)
            + ", the function "
            + Messages.BUILD
            + ". Deploy the function of the driver's version.");
  }

  /**
   * The invocation that runs a dispatch which must run only once, when it is another one. One
   * conditional PUT for such a dispatch, else no request.
   */
  private Optional<Holder> otherInvocation(TaskPayload payload, Invocation invocation)
      throws IOException {
    if (!payload.runOnce()) {
      return Optional.empty();
    }
    CommitGate claim =
        new CommitGate(
            stores.sealed(payload.session()),
            payload.session().layout().claim(payload.dispatch()),
            payload.dispatch(),
            invocation);
    return claim.take() ? Optional.empty() : claim.holder();
  }

  /** Starts the runtime of one payload. */
  private interface Start {
    TaskRuntime in(ObjectStore store) throws IOException;
  }

  private TaskRuntime runtimeOf(Session session, Start start) throws IOException {
    TaskRuntime current = runtime;
    if (current != null && current.application().equals(session.application())) {
      return current;
    }
    if (current != null) {
      LOG.info("Application {} replaces {}", session.application(), current.application());
      runtime = null;
      current.close();
    }
    TaskRuntime started = start.in(stores.of(session.store()));
    runtime = started;
    return started;
  }
}
