// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.request.HedgedRequest;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Sends a map attempt's bytes to the store: in the background if there is an executor, and twice
 * when the first request is late. Immutable; the executor and the hedging are the process's.
 */
@Internal
public final class PartSender {
  private final ObjectStore store;
  private final Executor executor;
  private final @Nullable Hedging hedging;
  private final Runnable whileWaiting;

  /**
   * Requests run on {@code executor}, which must not be the caller's own.
   *
   * @param whileWaiting called about ten times a second while the caller waits; may throw to give
   *     up
   */
  public PartSender(ObjectStore store, Executor executor, Hedging hedging, Runnable whileWaiting) {
    this.store = store;
    this.executor = executor;
    this.hedging = hedging;
    this.whileWaiting = whileWaiting;
  }

  /** Sends everything once, on the caller's thread. */
  public PartSender(ObjectStore store) {
    this.store = store;
    this.executor = Runnable::run;
    this.hedging = null;
    this.whileWaiting = () -> {};
  }

  /**
   * Stores an object under a key that is its own. One PUT, or two when the first is late: both have
   * the same bytes, so that it does not matter which one is stored last. One that comes after the
   * object's deletion leaves it behind, for the end of the application or {@code letsdata gc}. A
   * caller that gives up while it waits breaks the request off.
   */
  void put(ObjectLocation object, ObjectContent content) throws IOException {
    Hedging learned = hedging;
    if (learned == null) {
      String unused = store.put(object, content);
    } else {
      String unused =
          HedgedRequest.send(
                  learned,
                  Hedging.Kind.PUT,
                  content.lengthBytes(),
                  executor,
                  decided -> store.put(object, new CancellableContent(content, decided)))
              .join(whileWaiting);
    }
  }

  /** Lets the caller give up while it works instead of waiting. */
  void poll() {
    whileWaiting.run();
  }

  /** Begins an upload in parts. One POST. */
  PartUploads startUpload(ObjectLocation object) throws IOException {
    MultipartUpload begun = store.startMultipart(object);
    return new PartUploads(begun, executor, whileWaiting);
  }
}
