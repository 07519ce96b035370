// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.executor.spark.rules.StageRules;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.SerializableJobConf;

/**
 * The broadcasts to which the object graph of a stage refers. The graph is serialized, as the DAG
 * scheduler has just done, and the bytes are discarded: the same walk finds the same objects,
 * without reflection.
 *
 * @param broadcastIds ids of the broadcasts, in the order met
 * @param scrubbed whether a Hadoop configuration inside held secrets, which are now removed: bytes
 *     that were serialized before must not be sent
 */
record BroadcastReferences(Set<Long> broadcastIds, boolean scrubbed) {

  /**
   * Walks the graphs of {@code roots}.
   *
   * @throws IOException when something in it cannot be serialized
   * @throws io.letsdata.options.UserErrorException when something in it cannot run in a function
   */
  static BroadcastReferences in(SecretScrub scrub, Object... roots) throws IOException {
    try (Walk walk = new Walk(scrub)) {
      for (Object root : roots) {
        walk.writeObject(root);
      }
      return new BroadcastReferences(walk.ids, walk.scrubbed);
    }
  }

  private static final class Walk extends ObjectOutputStream {
    final Set<Long> ids = new LinkedHashSet<>();
    final SecretScrub scrub;
    boolean scrubbed;

    Walk(SecretScrub scrub) throws IOException {
      super(OutputStream.nullOutputStream());
      this.scrub = scrub;
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      StageRules.check(object);
      if (object instanceof Broadcast<?> broadcast) {
        ids.add(broadcast.id());
      } else if (object instanceof SerializableConfiguration conf) {
        scrubbed |= scrub.scrub(conf.value());
      } else if (object instanceof SerializableJobConf conf) {
        scrubbed |= scrub.scrub(conf.value());
      }
      return object;
    }
  }
}
