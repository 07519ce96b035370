// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.options.UserErrorException;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.util.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.runtime.AbstractFunction1;

/**
 * Stores the pieces of broadcasts for workers, each broadcast once in an application: one PUT a
 * piece. Thread-safe.
 */
final class BroadcastPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(BroadcastPublisher.class);

  private static final Set<String> HOLD_NO_BROADCAST =
      Set.of(
          "org.apache.spark.rdd.HadoopPartition",
          "org.apache.spark.rdd.ShuffledRDDPartition",
          "org.apache.spark.sql.execution.ShuffledRowRDDPartition",
          "org.apache.spark.sql.execution.datasources.FilePartition");

  private final SparkEnv env;
  private final BlockManager blockManager;
  private final SecretScrub scrub;
  private final ObjectStore store;
  private final RunLayout layout;
  private final Executor executor;
  private final SingleFlight<Stored> published;

  /** The bytes of the broadcasts that were not published as Spark made them. */
  private final Map<Long, byte[]> instead = new ConcurrentHashMap<>();

  BroadcastPublisher(
      SparkEnv env, SecretScrub scrub, ObjectStore store, RunLayout layout, Executor executor) {
    this.env = env;
    this.blockManager = env.blockManager();
    this.scrub = scrub;
    this.store = store;
    this.layout = layout;
    this.executor = executor;
    this.published = new SingleFlight<>(this::put, executor);
  }

  /** The stored pieces of a broadcast, and the broadcasts to which its value refers. */
  private record Stored(List<ObjectLocation> pieces, Set<Long> references) {}

  /**
   * Publishes a broadcast and all broadcasts that can be reached through its value. Values may
   * refer to each other, so no work of one broadcast waits for that of another.
   *
   * @return completes when all pieces are stored; a broadcast that failed is tried again for the
   *     next stage
   */
  CompletableFuture<?> publish(long broadcastId) {
    return publish(Set.of(broadcastId));
  }

  /** As {@link #publish(long)}, for several. */
  CompletableFuture<?> publish(Set<Long> broadcastIds) {
    return publish(Set.of(), broadcastIds);
  }

  /**
   * The broadcasts to which partitions refer. Walks each partition once more than Spark does, so
   * not for the event loop; those of Spark's own files and shuffles hold none and are passed over.
   * Empty for partitions that cannot be serialized, which Spark reports.
   */
  Set<Long> inPartitions(List<Partition> partitions) {
    Set<Long> ids = new HashSet<>();
    for (Partition partition : partitions) {
      if (!HOLD_NO_BROADCAST.contains(partition.getClass().getName())) {
        try {
          ids.addAll(references(partition).broadcastIds());
        } catch (IOException | StackOverflowError e) {
          LOG.debug("Cannot look for broadcasts in partition {}", partition.index(), e);
        }
      }
    }
    return ids;
  }

  /** Publishes {@code next} and all that can be reached from it; {@code seen} are published. */
  private CompletableFuture<?> publish(Set<Long> seen, Set<Long> next) {
    Set<Long> fresh = new HashSet<>(next);
    fresh.removeAll(seen);
    if (fresh.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Set<Long> union = new HashSet<>(seen);
    union.addAll(fresh);
    List<CompletableFuture<Stored>> puts = fresh.stream().map(published::of).toList();
    return CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              Set<Long> found = new HashSet<>();
              puts.forEach(put -> found.addAll(put.join().references()));
              return publish(union, found);
            });
  }

  /**
   * The pieces, for a payload, when they are small together; empty when they must be published. No
   * request.
   */
  Map<String, Blob> inline(long broadcastId, long limitBytes) {
    Map<String, Blob> pieces = new LinkedHashMap<>();
    long total = 0;
    for (BroadcastBlockId piece : pieces(broadcastId)) {
      byte[] bytes = bytes(piece);
      total += bytes.length;
      if (bytes.length == 0 || total > limitBytes) {
        return Map.of();
      }
      pieces.put(piece.name(), Blob.of(bytes));
    }
    return pieces;
  }

  /** Forgets a destroyed broadcast; deletes its objects, one DELETE. */
  void destroyed(long broadcastId) {
    instead.remove(broadcastId);
    CompletableFuture<Stored> stored = published.forget(broadcastId);
    if (stored != null) {
      var unused = stored.thenAcceptAsync(put -> LaterDeletes.now(store, put.pieces()), executor);
    }
  }

  /**
   * Stores a broadcast. Its value is walked once in an application: it may refer to broadcasts that
   * a task can reach only through it, and hold a configuration with secrets. A value that Java
   * cannot serialize may refer to any broadcast that is older; one that was changed after Spark had
   * serialized it is read from its pieces, since tasks get these.
   */
  private Stored put(long broadcastId) {
    List<BroadcastBlockId> pieces = pieces(broadcastId);
    Object value = BroadcastBytes.value(blockManager, broadcastId);
    if (value == null || value instanceof byte[]) {
      return new Stored(putAsTheyAre(pieces), Set.of());
    }
    try {
      Sent sent = look(broadcastId, value);
      List<ObjectLocation> stored =
          sent.references().mayHoldSecrets()
              ? put(pieces, SparkInternals.deserialize(env, withoutSecrets(sent.value())))
              : putAsTheyAre(pieces);
      return new Stored(stored, sent.references().broadcastIds());
    } catch (IOException | StackOverflowError e) { // Kryo's recursion is flatter than Java's
      return new Stored(putAsTheyAre(pieces), older(broadcastId));
    }
  }

  /**
   * Looks at what tasks will get: the value, unless its pieces hold another state of it. Those that
   * Kryo has made cannot be compared; they are read only when a secret must be taken out.
   */
  private Sent look(long broadcastId, Object value) throws IOException {
    if (env.serializer() instanceof JavaSerializer) {
      Optional<BroadcastReferences> unchanged =
          BroadcastReferences.inUnchanged(
              scrub,
              value,
              BroadcastBytes.stream(env, pieces(broadcastId).stream().map(this::bytes)));
      if (unchanged.isPresent()) {
        return new Sent(value, unchanged.get());
      }
      LOG.info("The value of broadcast {} serializes differently now", broadcastId);
      Object read = ofPieces(broadcastId);
      return new Sent(read, references(read));
    }
    BroadcastReferences references = references(value);
    return new Sent(references.mayHoldSecrets() ? ofPieces(broadcastId) : value, references);
  }

  private record Sent(Object value, BroadcastReferences references) {}

  /** Empty when Spark has dropped the piece. */
  private byte[] bytes(BroadcastBlockId piece) {
    Option<BlockData> data = blockManager.getLocalBytes(piece);
    if (data.isEmpty()) {
      return new byte[0];
    }
    try {
      return BroadcastBytes.joined(SparkInternals.buffers(data.get()));
    } finally {
      blockManager.releaseLock(piece, Option.empty());
    }
  }

  private List<ObjectLocation> putAsTheyAre(List<BroadcastBlockId> pieces) {
    List<ObjectLocation> locations = new ArrayList<>();
    for (BroadcastBlockId piece : pieces) {
      Option<BlockData> data = blockManager.getLocalBytes(piece);
      if (data.isEmpty()) {
        continue;
      }
      try {
        locations.add(put(piece, SparkInternals.buffers(data.get())));
      } finally {
        blockManager.releaseLock(piece, Option.empty());
      }
    }
    return locations;
  }

  private List<ObjectLocation> put(List<BroadcastBlockId> pieces, Object value) {
    List<ObjectLocation> locations = new ArrayList<>();
    Iterator<ByteBuffer> bytes = BroadcastBytes.pieces(env, value, pieces.size()).iterator();
    for (BroadcastBlockId piece : pieces) {
      locations.add(put(piece, bytes.next()));
    }
    return locations;
  }

  /**
   * Walks the graphs of {@code roots}; see {@link BroadcastReferences}.
   *
   * @throws IOException when something in them cannot be serialized
   */
  BroadcastReferences references(Object... roots) throws IOException {
    return BroadcastReferences.in(scrub, roots);
  }

  /**
   * The references of a stage. Tasks get the bytes that Spark has made of its graph, so these
   * decide: when the graph serializes to others now, or not at all, because an object in it changes
   * each time or is changed by another thread, the references are read from Spark's.
   *
   * @param taskBinary the broadcast of the graph
   * @throws IOException when neither can be done
   */
  BroadcastReferences references(long taskBinary, Object graph) throws IOException {
    byte[] bytes = (byte[]) ofPieces(taskBinary);
    try {
      Optional<BroadcastReferences> unchanged =
          BroadcastReferences.inUnchanged(scrub, graph, new ByteArrayInputStream(bytes));
      if (unchanged.isPresent()) {
        return unchanged.get();
      }
    } catch (UserErrorException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      LOG.debug("Cannot serialize the graph of {} again", taskBinary, e);
    }
    LOG.info("The graph of {} serializes differently now; Spark's bytes count", taskBinary);
    return BroadcastReferences.inBytes(scrub, bytes, Utils.getContextOrSparkClassLoader());
  }

  /** The value of a broadcast as tasks read it: from its pieces. */
  private Object ofPieces(long broadcastId) {
    return BroadcastBytes.join(
        env, inline(broadcastId, Long.MAX_VALUE).values().stream().map(Blob::inline).toList());
  }

  /** The serialized graph without secrets; see {@link BroadcastReferences}. */
  byte[] withoutSecrets(Object graph) throws IOException {
    return BroadcastReferences.withoutSecrets(scrub, graph);
  }

  /**
   * The same of a stage; of a copy, when its graph serializes differently each time.
   *
   * @param references of the stage
   * @throws UserErrorException when tasks cannot get that copy
   */
  byte[] withoutSecrets(long taskBinary, Object graph, BroadcastReferences references)
      throws IOException {
    if (!references.areOfBytes()) {
      try {
        return withoutSecrets(graph);
      } catch (IOException | RuntimeException e) {
        LOG.debug("Cannot serialize the graph of {} again", taskBinary, e);
      }
    }
    Object copy = SparkInternals.deserialize(env, (byte[]) ofPieces(taskBinary));
    return BroadcastReferences.copyWithoutSecrets(scrub, copy);
  }

  /**
   * Publishes other bytes than Spark's as the binary of a stage's tasks. One PUT a piece.
   *
   * @param bytes what the binary is made of, {@linkplain #withoutSecrets without secrets}
   */
  CompletableFuture<?> publishInstead(long taskBinary, byte[] bytes) {
    instead.put(taskBinary, bytes);
    return published.of(taskBinary, id -> new Stored(put(pieces(id), bytes), Set.of()));
  }

  /** The published pieces. */
  Collection<ObjectLocation> published() {
    return published.results().stream().flatMap(stored -> stored.pieces().stream()).toList();
  }

  /**
   * Publishes again the broadcast of a piece that this has published. One PUT a piece.
   *
   * @throws UncheckedIOException when it cannot be stored
   */
  void publishAgain(ObjectLocation piece) {
    String name = piece.key().substring(piece.key().lastIndexOf('/') + 1);
    long broadcastId = ((BroadcastBlockId) BlockId.apply(name)).broadcastId();
    byte[] bytes = instead.get(broadcastId);
    var unused = bytes == null ? put(broadcastId).pieces() : put(pieces(broadcastId), bytes);
  }

  private ObjectLocation put(BroadcastBlockId piece, ByteBuffer... bytes) {
    ObjectLocation location = layout.broadcast(piece.name());
    try {
      store.put(location, ObjectContent.of(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot publish " + piece, e);
    }
    return location;
  }

  private List<BroadcastBlockId> pieces(long broadcastId) {
    return pieces(id -> id.broadcastId() == broadcastId);
  }

  private Set<Long> older(long broadcastId) {
    Set<Long> ids = new HashSet<>();
    pieces(id -> id.broadcastId() < broadcastId).forEach(id -> ids.add(id.broadcastId()));
    return ids;
  }

  private List<BroadcastBlockId> pieces(Predicate<BroadcastBlockId> wanted) {
    List<BroadcastBlockId> pieces = new ArrayList<>();
    var filter =
        new AbstractFunction1<BlockId, Object>() {
          @Override
          public Object apply(BlockId id) {
            return id instanceof BroadcastBlockId b
                && b.field().startsWith("piece")
                && wanted.test(b);
          }
        };
    for (BlockId id : SparkInternals.list(blockManager.getMatchingBlockIds(filter))) {
      pieces.add((BroadcastBlockId) id);
    }
    pieces.sort(
        Comparator.comparingLong(BroadcastBlockId::broadcastId)
            .thenComparingInt(BroadcastPublisher::number));
    return pieces;
  }

  /** TorrentBroadcast names its pieces piece0, piece1 and so on (3.5.9). */
  private static int number(BroadcastBlockId piece) {
    return Integer.parseInt(piece.field().substring("piece".length()));
  }
}
