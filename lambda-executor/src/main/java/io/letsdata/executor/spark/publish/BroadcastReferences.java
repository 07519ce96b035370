// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.executor.spark.rules.StageRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.JobConf;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.SerializableJobConf;

/**
 * The broadcasts to which the object graph of a stage or of a broadcast's value refers. The graph
 * is serialized, as Spark does it, and the bytes are discarded: the same walk finds the same
 * objects, without reflection.
 *
 * @param broadcastIds ids of the broadcasts, in the order met
 * @param holdsSecrets whether a Hadoop configuration inside holds secrets: Spark's bytes must not
 *     be sent, but those of {@link #withoutSecrets}
 */
record BroadcastReferences(Set<Long> broadcastIds, boolean holdsSecrets) {

  /**
   * Walks the graphs of {@code roots}.
   *
   * @throws IOException when something in it cannot be serialized
   * @throws io.letsdata.options.UserErrorException when something in it cannot run in a function
   */
  static BroadcastReferences in(SecretScrub scrub, Object... roots) throws IOException {
    try (Walk walk = new Walk(scrub, OutputStream.nullOutputStream())) {
      for (Object root : roots) {
        walk.writeObject(root);
      }
      return new BroadcastReferences(walk.ids, walk.holdsSecrets);
    }
  }

  /**
   * The bytes of the graph as {@code JavaSerializer} reads them, with configurations that hold no
   * secret. The graph itself stays as it is.
   *
   * @throws IOException when something in it cannot be serialized
   */
  static byte[] withoutSecrets(SecretScrub scrub, Object root) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Walk walk = new Walk(scrub, bytes)) {
      walk.writeObject(root);
    }
    return bytes.toByteArray();
  }

  private static final class Walk extends ObjectOutputStream {
    final Set<Long> ids = new LinkedHashSet<>();
    final SecretScrub scrub;
    boolean holdsSecrets;

    Walk(SecretScrub scrub, OutputStream out) throws IOException {
      super(out);
      this.scrub = scrub;
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      StageRules.check(object);
      if (object instanceof Broadcast<?> broadcast) {
        ids.add(broadcast.id());
      } else if (object instanceof SerializableConfiguration conf) {
        Configuration clean = scrub.withoutSecrets(conf.value());
        if (clean != conf.value()) {
          holdsSecrets = true;
          return new SerializableConfiguration(clean);
        }
      } else if (object instanceof SerializableJobConf conf) {
        Configuration clean = scrub.withoutSecrets(conf.value());
        if (clean != conf.value()) {
          holdsSecrets = true;
          return new SerializableJobConf(new JobConf(clean));
        }
      }
      return object;
    }
  }
}
