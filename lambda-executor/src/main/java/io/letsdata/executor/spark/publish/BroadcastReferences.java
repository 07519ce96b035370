// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.executor.spark.rules.StageRules;
import io.letsdata.options.UserErrorException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.JobConf;
import org.apache.spark.Partition;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.scheduler.Task;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.util.AccumulatorV2;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.SerializableJobConf;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Map;

/**
 * The broadcasts to which the object graph of a stage or of a broadcast's value refers. The graph
 * is serialized, as Spark does it, and the bytes are discarded: the same walk finds the same
 * objects, without reflection.
 *
 * @param broadcastIds ids of the broadcasts, in the order met
 * @param mayHoldSecrets whether settings inside may hold secrets: Spark's bytes must not be sent,
 *     but those of {@link #withoutSecrets}
 * @param areOfBytes whether they were found in Spark's bytes, not in the objects of the driver
 */
record BroadcastReferences(Set<Long> broadcastIds, boolean mayHoldSecrets, boolean areOfBytes) {

  /**
   * Walks the graphs of {@code roots}.
   *
   * @throws IOException when something in it cannot be serialized
   * @throws UserErrorException when something in it cannot run in a function
   */
  static BroadcastReferences in(SecretScrub scrub, Object... roots) throws IOException {
    try (Walk walk = new Walk(scrub, OutputStream.nullOutputStream())) {
      for (Object root : roots) {
        walk.writeObject(root);
      }
      return walk.findings.references(false);
    }
  }

  /**
   * Walks the graph of {@code root}, unless it serializes to other bytes than it did for Spark, as
   * an object does that has changed since, or that changes each time.
   *
   * @param bytes Spark's, made by {@code JavaSerializer}
   * @return empty when they differ: tasks would find other references than this walk
   * @throws IOException as {@link #in}
   */
  static Optional<BroadcastReferences> inUnchanged(
      SecretScrub scrub, Object root, InputStream bytes) throws IOException {
    Comparison comparison = new Comparison(bytes);
    try (Walk walk = new Walk(scrub, comparison)) {
      walk.writeObject(root);
      walk.flush();
      return comparison.isEqual() ? Optional.of(walk.findings.references(false)) : Optional.empty();
    }
  }

  /**
   * Reads a graph that was serialized, and looks at the same objects. It runs code of the classes
   * in the graph, so it is for graphs that cannot be serialized again.
   *
   * @throws IOException when something in it cannot be read
   * @throws UserErrorException when something in it cannot run in a function
   */
  static BroadcastReferences inBytes(SecretScrub scrub, byte[] graph, ClassLoader classes)
      throws IOException {
    try (ReadingWalk walk = new ReadingWalk(scrub, new ByteArrayInputStream(graph), classes)) {
      var unused = walk.readObject();
      return walk.findings.references(true);
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
  }

  /**
   * The broadcast of a task's binary: the only one in a task, apart from those in its partition.
   * Spark keeps it in a private field (ShuffleMapTask, ResultTask, 3.5.9).
   *
   * @throws IOException when the task cannot be serialized
   */
  static long binaryOf(Task<?> task) throws IOException {
    try (BinaryWalk walk = new BinaryWalk()) {
      walk.writeObject(task);
      if (walk.ids.size() != 1) {
        throw new IllegalStateException(
            "Cannot find the binary of " + task + ": it refers to broadcasts " + walk.ids);
      }
      return walk.ids.iterator().next();
    }
  }

  /**
   * The bytes of the graph as {@code JavaSerializer} reads them, without the secrets in its
   * configurations and maps of settings. The graph itself stays as it is.
   *
   * @throws IOException when something in it cannot be serialized
   */
  static byte[] withoutSecrets(SecretScrub scrub, Object root) throws IOException {
    return cleaned(scrub, root, false);
  }

  /**
   * The same for a graph that was read from Spark's bytes, and is serialized once more.
   *
   * @throws UserErrorException when it holds an accumulator of the user: Spark counts what one gets
   *     only after its first reading, and this was it (AccumulatorV2.readObject, 3.5.9)
   */
  static byte[] copyWithoutSecrets(SecretScrub scrub, Object root) throws IOException {
    return cleaned(scrub, root, true);
  }

  private static byte[] cleaned(SecretScrub scrub, Object root, boolean wasRead)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CleanCopy copy = new CleanCopy(scrub, bytes, wasRead)) {
      copy.writeObject(root);
    }
    return bytes.toByteArray();
  }

  /** Compares what is written with other bytes, and keeps nothing. */
  private static final class Comparison extends OutputStream {
    private final InputStream expected;
    private boolean isEqual = true;

    Comparison(InputStream expected) {
      this.expected = expected;
    }

    /** Whether all was written, and nothing else. */
    boolean isEqual() throws IOException {
      return isEqual && expected.read() < 0;
    }

    @Override
    public void write(int value) throws IOException {
      isEqual = isEqual && expected.read() == (value & 0xff);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (isEqual) {
        byte[] other = expected.readNBytes(length);
        isEqual = Arrays.equals(bytes, from, from + length, other, 0, other.length);
      }
    }
  }

  private static final class BinaryWalk extends ObjectOutputStream {
    final Set<Long> ids = new LinkedHashSet<>();

    BinaryWalk() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(Object object) {
      if (object instanceof Partition) {
        return null;
      }
      if (object instanceof Broadcast<?> broadcast) {
        ids.add(broadcast.id());
      }
      return object;
    }
  }

  private static final class Walk extends ObjectOutputStream {
    final Findings findings;

    Walk(SecretScrub scrub, OutputStream out) throws IOException {
      super(out);
      this.findings = new Findings(scrub);
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      findings.look(object);
      return object;
    }
  }

  private static final class ReadingWalk extends ObjectInputStream {
    final Findings findings;
    final ClassLoader classes;

    ReadingWalk(SecretScrub scrub, InputStream graph, ClassLoader classes) throws IOException {
      super(graph);
      this.findings = new Findings(scrub);
      this.classes = classes;
      enableResolveObject(true);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass type)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(type.getName(), false, classes);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(type); // a primitive type
      }
    }

    @Override
    protected @Nullable Object resolveObject(@Nullable Object object) {
      if (object != null) {
        findings.look(object);
      }
      return object;
    }
  }

  /** The findings of one walk. */
  private static final class Findings {
    final Set<Long> ids = new LinkedHashSet<>();
    final SecretScrub scrub;
    boolean mayHoldSecrets;

    Findings(SecretScrub scrub) {
      this.scrub = scrub;
    }

    BroadcastReferences references(boolean areOfBytes) {
      return new BroadcastReferences(ids, mayHoldSecrets, areOfBytes);
    }

    void look(Object object) {
      StageRules.check(object);
      if (object instanceof Broadcast<?> broadcast) {
        ids.add(broadcast.id());
      } else if (object instanceof String text) {
        mayHoldSecrets |= scrub.isSuspect(text);
      } else if (object instanceof SerializableConfiguration conf) {
        mayHoldSecrets |= scrub.withoutSecrets(conf.value()) != conf.value();
      } else if (object instanceof SerializableJobConf conf) {
        mayHoldSecrets |= scrub.withoutSecrets(conf.value()) != conf.value();
      }
    }
  }

  private static final class CleanCopy extends ObjectOutputStream {
    /** By which Scala 2.12 serializes an immutable HashMap. */
    private static final String HASH_MAP = "scala.collection.immutable.HashMap$SerializationProxy";

    private static final String SMALL_MAP = "scala.collection.immutable.Map$Map";

    private final SecretScrub scrub;
    private final boolean wasRead;

    CleanCopy(SecretScrub scrub, OutputStream out, boolean wasRead) throws IOException {
      super(out);
      this.scrub = scrub;
      this.wasRead = wasRead;
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) throws IOException {
      if (object instanceof SerializableConfiguration conf) {
        Configuration clean = scrub.withoutSecrets(conf.value());
        return clean == conf.value() ? object : new SerializableConfiguration(clean);
      }
      if (object instanceof SerializableJobConf conf) {
        Configuration clean = scrub.withoutSecrets(conf.value());
        return clean == conf.value() ? object : new SerializableJobConf(new JobConf(clean));
      }
      if (wasRead && isOfTheUser(object)) {
        throw new UserErrorException(
            "Cannot run the stage: its settings hold a secret, which must not be stored, and an object in it serializes differently each time, so that it cannot be sent without the secret."
                + " Make the object (writeObject, a value that another thread changes) serialize the same each time, or take the secret out of the settings.");
      }
      String type = object.getClass().getName();
      if (type.startsWith(SMALL_MAP)) {
        return scrub.withoutSecrets((Map<?, ?>) object);
      }
      if (type.equals(HASH_MAP) && mapOf(object) instanceof Map<?, ?> map) {
        Map<?, ?> clean = scrub.withoutSecrets(map);
        return clean == map ? object : clean;
      }
      return object;
    }

    /** Metrics of Spark and of the shuffle that are not counted cost no row. */
    private static boolean isOfTheUser(Object object) {
      return object instanceof AccumulatorV2
          && !(object instanceof SQLMetric)
          && !object.getClass().getName().startsWith("io.letsdata.shuffle.");
    }

    /**
     * The map behind Scala's proxy, which does not show it; null when it holds classes of a user,
     * so no settings.
     */
    private static @Nullable Object mapOf(Object proxy) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(proxy);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        return in.readObject();
      } catch (ClassNotFoundException e) {
        return null;
      }
    }
  }
}
