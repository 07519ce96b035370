// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.protocol.CachedBlock;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockInfo;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * Moves blocks that a task cached from this environment into the store.
 *
 * <p>Stock Spark keeps objects, and here they must be serialized. A block of objects that cannot
 * be, or that would come back without some of their state, is not stored: the next task that wants
 * it computes it again, as stock Spark does with a block that was evicted.
 */
final class CacheStore {
  private static final Logger LOG = LoggerFactory.getLogger(CacheStore.class);

  private final BlockManager blockManager;
  private final ObjectStore store;
  private final boolean byJava;
  private final FaithfulValues faithful = new FaithfulValues();

  /**
   * @param serializer of the session
   */
  CacheStore(BlockManager blockManager, Serializer serializer, ObjectStore store) {
    this.blockManager = blockManager;
    this.byJava = serializer instanceof JavaSerializer;
    this.store = store;
  }

  /**
   * Stores the task's blocks, one PUT each, and drops the local copies: an unpersist does not reach
   * a worker.
   *
   * @return the stored ones; a block that cannot be serialized faithfully is not among them
   */
  List<CachedBlock> store(CurrentTask task) throws IOException {
    List<CachedBlock> stored = new ArrayList<>();
    try {
      for (RDDBlockId id : task.newlyCached()) {
        ChunkedByteBuffer bytes = serialized(id);
        if (bytes != null) {
          ObjectLocation location = task.layout().cachedBlock(id.name(), task.nonce());
          store.put(location, ObjectContent.of(bytes.getChunks()));
          stored.add(new CachedBlock(id.name(), location.toString(), bytes.size()));
        }
      }
    } finally {
      drop(task);
    }
    return stored;
  }

  /** The bytes of a block; null when there is none, or none that would give the same values. */
  private @Nullable ChunkedByteBuffer serialized(RDDBlockId id) {
    try {
      Optional<String> leftOut = firstLeftOut(id);
      if (leftOut.isPresent()) {
        LOG.warn(
            "Cannot store cached block {}: serialization would leave out {}. The block is computed"
                + " again for each task that needs it.",
            id,
            leftOut.get());
        return null;
      }
      return bytes(id);
    } catch (Exception | StackOverflowError e) { // the user's classes; Scala declares none
      LOG.warn(
          "Cannot store cached block {}: its values cannot be serialized. The block is computed"
              + " again for each task that needs it.",
          id,
          e);
      return null;
    }
  }

  private Optional<String> firstLeftOut(RDDBlockId id) throws IOException {
    Option<BlockInfo> info = blockManager.blockInfoManager().get(id);
    boolean objects =
        info.isDefined()
            && info.get().level().deserialized()
            && blockManager.memoryStore().contains(id);
    if (!objects) {
      return Optional.empty(); // stock Spark serializes it too
    }
    Option<BlockResult> values = blockManager.getLocalValues(id);
    if (values.isEmpty()) {
      return Optional.empty();
    }
    Iterator<?> each = JavaConverters.asJavaIterator(values.get().data());
    boolean released = false;
    try {
      Optional<String> leftOut = faithful.firstLeftOut(each, byJava);
      released = !each.hasNext(); // its end releases the lock
      return leftOut;
    } finally {
      if (!released) {
        blockManager.releaseLock(id, Option.empty());
      }
    }
  }

  private @Nullable ChunkedByteBuffer bytes(RDDBlockId id) {
    boolean locked = true;
    try {
      Option<BlockData> data = blockManager.getLocalBytes(id);
      if (data.isEmpty()) {
        locked = false;
        return null;
      }
      return data.get().toChunkedByteBuffer(size -> ByteBuffer.allocate((Integer) size));
    } finally {
      // getLocalBytes takes the lock before it serializes (BlockManager, 3.5.9), and a block that
      // stays locked can never be dropped.
      if (locked && blockManager.blockInfoManager().get(id).isDefined()) {
        blockManager.releaseLock(id, Option.empty());
      }
    }
  }

  /** Drops the blocks of a task that failed. */
  void drop(CurrentTask task) {
    for (RDDBlockId id : task.newlyCached()) {
      blockManager.removeBlock(id, false);
    }
  }
}
