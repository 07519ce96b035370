// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.letsdata.options.Evolving;
import io.letsdata.protocol.MergePayload;
import io.letsdata.protocol.Message;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.SealedStore;
import io.letsdata.protocol.Session;
import io.letsdata.protocol.StoredPayload;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.store.ObjectLocation;
import io.letsdata.worker.spark.Invocation;
import io.letsdata.worker.spark.WorkerRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The handler of the function: payload bytes in, response bytes out. One invocation is one Spark
 * task or one merge of shuffle outputs.
 *
 * <p>Lambda calls it from one thread and keeps one instance for the life of an environment; {@link
 * WorkerSession} keeps the Spark runtime of the latest application. Nothing is captured before the
 * first invocation, so that an environment restored from a snapshot has no state of another one.
 */
@Evolving
public final class WorkerHandler implements RequestStreamHandler {
  private final WorkerStores stores;
  private final WorkerSession session;

  /** For Lambda. */
  public WorkerHandler() {
    this(WorkerStores.SHARED, new WorkerSession(WorkerRuntime.factory(), WorkerStores.SHARED));
  }

  WorkerHandler(WorkerStores stores, WorkerSession session) {
    this.stores = stores;
    this.session = session;
  }

  /**
   * Runs the task or the merge of the payload. The response of a failed task is a normal response.
   *
   * @throws IOException when the payload cannot be read, or when the task could not run for a
   *     reason that may pass; Lambda reports it to the driver, which may dispatch the task again
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    output.write(respond(input.readAllBytes(), Invocation.begun(context)));
  }

  byte[] respond(byte[] request, Invocation invocation) throws IOException {
    long started = System.nanoTime();
    if (!Messages.isStoredPayload(request)) {
      return Messages.isMerge(request)
          ? merge(decode(request, MergePayload.class), invocation)
          : run(decode(request, TaskPayload.class), invocation, started);
    }
    StoredPayload stored = decode(request, StoredPayload.class);
    if (stored.key() == null) { // of another version
      throw unreadable(null);
    }
    byte[] json =
        new SealedStore(stores.of(stored.store()), stored.key())
            .read(ObjectLocation.parse(stored.payloadLocation()));
    if (Messages.isMerge(json)) {
      MergePayload payload = decode(json, MergePayload.class);
      return merge(payload.with(keyed(payload.session(), stored)), invocation);
    }
    TaskPayload payload = decode(json, TaskPayload.class);
    return run(payload.with(keyed(payload.session(), stored)), invocation, started);
  }

  /**
   * The session of a stored payload, with the key of the request.
   *
   * @param session null in a payload of another version, which is refused later
   */
  private static Session keyed(Session session, StoredPayload stored) {
    return session == null ? session : session.with(stored.key());
  }

  private byte[] merge(MergePayload payload, Invocation invocation) {
    return Messages.encode(session.merge(payload, invocation));
  }

  private byte[] run(TaskPayload payload, Invocation invocation, long started) throws IOException {
    LimitWatch watch = LimitWatch.start(payload, invocation, started, LimitWatch::endProcess);
    try {
      TaskResponse response = session.run(payload, invocation);
      byte[] encoded = Messages.encode(response);
      Duration took = Duration.ofNanos(System.nanoTime() - started);
      if (StoredResponse.isNeeded(payload, response, took)) {
        StoredResponse.store(payload, encoded, stores.sealed(payload.session()));
      }
      return encoded;
    } finally {
      watch.close();
    }
  }

  private static <T extends Message> T decode(byte[] json, Class<T> type) throws IOException {
    try {
      return Messages.decode(json, type);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static IOException unreadable(@Nullable IOException cause) {
    return new IOException(
        Messages.DIFFER
            + ": the function, "
            + Messages.BUILD
            + ", cannot read the payload. Deploy the function of the driver's version.",
        cause);
  }
}
