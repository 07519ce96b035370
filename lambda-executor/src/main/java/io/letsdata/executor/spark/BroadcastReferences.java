package io.letsdata.executor.spark;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;

/**
 * Finds the broadcasts that a task refers to, by serializing it to nowhere as the DAG scheduler has
 * just serialized it to somewhere: the same walk, so the same answer, without reflection.
 */
final class BroadcastReferences {
  private BroadcastReferences() {}

  /**
   * Ids of the broadcasts in the object graph of {@code roots}, in the order met.
   *
   * @throws IOException when something in it cannot be serialized
   */
  static Set<Long> in(Object... roots) throws IOException {
    try (Walk walk = new Walk()) {
      for (Object root : roots) {
        walk.writeObject(root);
      }
      return walk.ids;
    }
  }

  private static final class Walk extends ObjectOutputStream {
    final Set<Long> ids = new LinkedHashSet<>();

    Walk() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      if (object instanceof Broadcast<?> broadcast) {
        ids.add(broadcast.id());
      }
      return object;
    }
  }
}
