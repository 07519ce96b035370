// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ListedUpload;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects that no report names: outputs of invocations that ended after their dispatch, of
 * speculative attempts that were killed after they had stored their object, and uploads that were
 * never completed. Called at the end of an application, which shares its root with no other.
 * Stateless.
 */
@Internal
public final class Leftovers {
  /** How long the end of an application may take; the last request may end later. */
  public static final Duration AT_MOST = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final int BATCH = 1_000;

  private Leftovers() {}

  /**
   * Deletes all objects below {@code root} and aborts all uploads to it. One LIST a thousand
   * objects and one a thousand uploads, one DELETE a thousand objects, one an upload; so two LIST
   * where nothing is left. Objects stay, with a warning, when their request fails or {@code atMost}
   * has passed.
   */
  public static void delete(ObjectStore store, ObjectLocation root, Duration atMost) {
    long since = System.nanoTime();
    String prefix = root.key() + "/";
    try {
      for (ListedUpload upload : store.listUploads(root.bucket(), prefix)) {
        if (System.nanoTime() - since > atMost.toNanos()) {
          break;
        }
        store.abortMultipart(upload.handle());
      }
      List<ObjectLocation> batch = new ArrayList<>();
      Iterator<ListedObject> objects = store.listAll(root.bucket(), prefix);
      while (System.nanoTime() - since <= atMost.toNanos() && objects.hasNext()) {
        batch.add(objects.next().location());
        if (batch.size() == BATCH || !objects.hasNext()) {
          store.delete(batch);
          batch.clear();
        }
      }
      if (System.nanoTime() - since > atMost.toNanos()) {
        LOG.warn("Left objects below {} to letsdata gc: the time of {} has passed", root, atMost);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn(
          "Left objects below {} to letsdata gc or the bucket's lifecycle rule: {}",
          root,
          e.getMessage());
    }
  }
}
