// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.protocol.CachedBlock;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import scala.Option;

/** Moves blocks that a task cached from this environment into the store. */
final class CacheStore {
  private final BlockManager blockManager;
  private final ObjectStore store;

  CacheStore(BlockManager blockManager, ObjectStore store) {
    this.blockManager = blockManager;
    this.store = store;
  }

  /**
   * Stores the task's blocks, one PUT each, and drops the local copies: an unpersist does not reach
   * a worker.
   */
  List<CachedBlock> store(CurrentTask task) throws IOException {
    List<CachedBlock> stored = new ArrayList<>();
    try {
      for (RDDBlockId id : task.newlyCached()) {
        Option<BlockData> data = blockManager.getLocalBytes(id);
        if (data.isDefined()) {
          try {
            ChunkedByteBuffer bytes =
                data.get().toChunkedByteBuffer(size -> ByteBuffer.allocate((Integer) size));
            ObjectLocation location = task.layout().cachedBlock(id.name(), task.nonce());
            store.put(location, ObjectContent.of(bytes.getChunks()));
            stored.add(new CachedBlock(id.name(), location.toString(), bytes.size()));
          } finally {
            blockManager.releaseLock(id, Option.empty());
          }
        }
      }
    } finally {
      drop(task);
    }
    return stored;
  }

  /** Drops the blocks of a task that failed. */
  void drop(CurrentTask task) {
    for (RDDBlockId id : task.newlyCached()) {
      blockManager.removeBlock(id, false);
    }
  }
}
