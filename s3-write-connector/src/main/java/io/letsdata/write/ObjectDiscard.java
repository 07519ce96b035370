// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Deletes the objects that tasks stored or uploaded. */
final class ObjectDiscard {
  private ObjectDiscard() {}

  /**
   * Deletes stored objects and aborts uploads. One DELETE per thousand objects, and one per upload.
   */
  static void all(ObjectStore store, List<TaskObject> objects) throws IOException {
    List<ObjectLocation> stored = new ArrayList<>();
    for (TaskObject object : objects) {
      if (object instanceof PendingObject pending) {
        store.abortMultipart(pending.upload());
      } else {
        stored.add(object.location());
      }
    }
    if (!stored.isEmpty()) {
      store.delete(stored);
    }
  }
}
