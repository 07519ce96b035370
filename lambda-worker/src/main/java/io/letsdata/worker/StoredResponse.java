// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import io.letsdata.protocol.TaskPayload;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of a response in the store. The driver reads it when the connection of the invocation
 * has broken. Stateless.
 */
final class StoredResponse {
  private static final Logger LOG = LoggerFactory.getLogger(StoredResponse.class);

  private StoredResponse() {}

  /**
   * Whether the driver may need a copy. Pure.
   *
   * <p>It may when the task took so long that the connection may have broken, and always when a
   * second invocation could not take its place: this one holds the commit right, or the dispatch
   * must run only once. It does not need the response of a task that was denied its commit, because
   * the holder's response counts, nor that of a task that it has killed, unless that task holds the
   * commit right.
   *
   * @param took time from the arrival of the payload to the response
   */
  static boolean isNeeded(TaskPayload payload, TaskResponse response, Duration took) {
    if (!(response instanceof TaskResponse.Ended ended)) {
      return false;
    }
    boolean denied = ended.commitHolder() != null;
    boolean killed = ended.state() == TaskState.KILLED && !ended.commitHeld();
    if (denied || killed) {
      return false;
    }
    return ended.commitHeld()
        || payload.runOnce()
        || took.toMillis() > payload.storeResponseAfterMillis();
  }

  /**
   * Stores the response, unless another invocation of the dispatch has stored one. One conditional
   * PUT.
   *
   * @param response JSON of the response
   * @throws IOException when the store refuses it; not when the outcome is unknown, because the
   *     response itself still reaches the driver
   */
  static void store(TaskPayload payload, byte[] response, ObjectStore store) throws IOException {
    try {
      boolean first =
          store.putIfAbsent(
              payload.session().layout().response(payload.dispatch()), ObjectContent.of(response));
      if (!first) {
        LOG.info("Another invocation of dispatch {} stored its response first", payload.dispatch());
      }
    } catch (OutcomeUnknown e) {
      LOG.warn("Cannot tell whether the copy of the response was stored", e);
    }
  }
}
