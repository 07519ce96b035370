// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.util.SerializableConfiguration;
import scala.Option;
import scala.runtime.AbstractFunction1;

/**
 * Stores the pieces of broadcasts for workers, each broadcast once in an application: one PUT a
 * piece. Thread-safe.
 */
final class BroadcastPublisher {
  private final SparkEnv env;
  private final BlockManager blockManager;
  private final SecretScrub scrub;
  private final ObjectStore store;
  private final RunLayout layout;
  private final Executor executor;
  private final SingleFlight<List<ObjectLocation>> published;
  private final SingleFlight<Set<Long>> referred;

  BroadcastPublisher(
      SparkEnv env, SecretScrub scrub, ObjectStore store, RunLayout layout, Executor executor) {
    this.env = env;
    this.blockManager = env.blockManager();
    this.scrub = scrub;
    this.store = store;
    this.layout = layout;
    this.executor = executor;
    this.published = new SingleFlight<>(this::put, executor);
    this.referred = new SingleFlight<>(this::referred, executor);
  }

  /**
   * Publishes a broadcast and all broadcasts that can be reached through its value. Values may
   * refer to each other, so no work of one broadcast waits for that of another.
   *
   * @return completes when all pieces are stored; a broadcast that failed is tried again for the
   *     next stage
   */
  CompletableFuture<?> publish(long broadcastId) {
    var unused = published.of(broadcastId); // starts before the walk
    return reachable(Set.of(), Set.of(broadcastId))
        .thenCompose(ids -> CompletableFuture.allOf(all(published, ids)));
  }

  /** The ids in {@code seen}, and all that can be reached from {@code next}. */
  private CompletableFuture<Set<Long>> reachable(Set<Long> seen, Set<Long> next) {
    Set<Long> fresh = new HashSet<>(next);
    fresh.removeAll(seen);
    if (fresh.isEmpty()) {
      return CompletableFuture.completedFuture(seen);
    }
    Set<Long> union = new HashSet<>(seen);
    union.addAll(fresh);
    CompletableFuture<Set<Long>>[] walks = all(referred, fresh);
    return CompletableFuture.allOf(walks)
        .thenCompose(
            done -> {
              Set<Long> found = new HashSet<>();
              for (CompletableFuture<Set<Long>> walk : walks) {
                found.addAll(walk.join());
              }
              return reachable(union, found);
            });
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private static <T> CompletableFuture<T>[] all(SingleFlight<T> work, Set<Long> ids) {
    return ids.stream().map(work::of).toArray(CompletableFuture[]::new);
  }

  /**
   * Broadcasts that a task can reach only through the value of this one. The value is walked once
   * in an application; one that Java cannot serialize may refer to any broadcast that is older.
   */
  private Set<Long> referred(long broadcastId) {
    Object value = BroadcastBytes.value(blockManager, broadcastId);
    if (value == null || value instanceof SerializableConfiguration || value instanceof byte[]) {
      return Set.of();
    }
    try {
      return references(value).broadcastIds();
    } catch (IOException e) {
      return older(broadcastId);
    }
  }

  /**
   * The pieces, for a payload, when they are small together; empty when they must be published. No
   * request.
   */
  Map<String, Blob> inline(long broadcastId, long limitBytes) {
    Map<String, Blob> pieces = new LinkedHashMap<>();
    long total = 0;
    for (BroadcastBlockId piece : pieces(broadcastId)) {
      Option<BlockData> data = blockManager.getLocalBytes(piece);
      if (data.isEmpty()) {
        return Map.of();
      }
      try {
        total += data.get().size();
        if (total > limitBytes) {
          return Map.of();
        }
        pieces.put(piece.name(), Blob.of(bytes(SparkInternals.buffers(data.get()))));
      } finally {
        blockManager.releaseLock(piece, Option.empty());
      }
    }
    return pieces;
  }

  /** Forgets a destroyed broadcast; deletes its objects, one DELETE. */
  void destroyed(long broadcastId) {
    CompletableFuture<List<ObjectLocation>> stored = published.forget(broadcastId);
    if (stored != null) {
      var unused =
          stored.thenAcceptAsync(locations -> StoreDeletes.quietly(store, locations), executor);
    }
    var unused = referred.forget(broadcastId);
  }

  private List<ObjectLocation> put(long broadcastId) {
    List<ObjectLocation> locations = new ArrayList<>();
    var conf = BroadcastBytes.configuration(blockManager, broadcastId);
    boolean scrubbed = conf.isDefined() && scrub.scrub(conf.get().value());
    for (BroadcastBlockId piece : pieces(broadcastId)) {
      if (scrubbed) {
        return List.of(put(piece, BroadcastBytes.piece(env, conf.get())));
      }
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

  /**
   * Walks the graphs of {@code roots}; see {@link BroadcastReferences}.
   *
   * @throws IOException when something in them cannot be serialized
   */
  BroadcastReferences references(Object... roots) throws IOException {
    return BroadcastReferences.in(scrub, roots);
  }

  /** Publishes other bytes as the only piece of a broadcast. One PUT at each call. */
  CompletableFuture<?> publishAs(long broadcastId, ByteBuffer bytes) {
    return CompletableFuture.supplyAsync(
        () -> put(new BroadcastBlockId(broadcastId, "piece0"), bytes), executor);
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
            return id instanceof BroadcastBlockId b && !b.field().isEmpty() && wanted.test(b);
          }
        };
    for (BlockId id : SparkInternals.list(blockManager.getMatchingBlockIds(filter))) {
      pieces.add((BroadcastBlockId) id);
    }
    return pieces;
  }

  private static byte[] bytes(ByteBuffer[] buffers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ByteBuffer buffer : buffers) {
      byte[] part = new byte[buffer.remaining()];
      buffer.duplicate().get(part);
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
