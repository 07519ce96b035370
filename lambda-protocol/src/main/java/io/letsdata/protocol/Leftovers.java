// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

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
 * What nobody reported: outputs of zombies and of copies that were killed when their object was
 * stored, and uploads that were never completed. Deleted at the end of the application whose root
 * it is, and which shares it with nobody. Stateless.
 */
public final class Leftovers {
  /** That an application's end goes on with another request. */
  public static final Duration AT_MOST = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final int BATCH = 1_000;

  private Leftovers() {}

  /**
   * Deletes all objects below {@code root} and aborts all uploads to it. One LIST a thousand
   * objects and one a thousand uploads, one DELETE a thousand objects, one an upload; so two LIST
   * where nothing is left. What fails or comes after {@code atMost} stays, with a warning.
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
        LOG.warn("Left objects below {} to letsdata gc: {} are over", root, atMost);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn(
          "Left objects below {} to letsdata gc or the bucket's lifecycle rule: {}",
          root,
          e.getMessage());
    }
  }
}
