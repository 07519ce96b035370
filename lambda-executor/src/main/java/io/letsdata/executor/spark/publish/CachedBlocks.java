// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.options.Internal;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.store.ObjectLocation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerMaster;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;

/**
 * The driver's map of cached RDD blocks in the store. Workers get the blocks that it names, and do
 * not look for others. Thread-safe.
 */
@Internal
public final class CachedBlocks {
  private final BlockManagerMaster master;
  private final Map<Integer, Map<String, CachedBlock>> byRdd = new ConcurrentHashMap<>();

  CachedBlocks(BlockManagerMaster master) {
    this.master = master;
  }

  /**
   * Adds blocks that an accepted response names; Spark's Storage tab and cache locations show them.
   */
  public void add(Collection<CachedBlock> blocks) {
    for (CachedBlock block : blocks) {
      RDDBlockId id = (RDDBlockId) BlockId.apply(block.block());
      byRdd.computeIfAbsent(id.rddId(), rdd -> new ConcurrentHashMap<>()).put(block.block(), block);
      master.updateBlockInfo(
          SparkInternals.STORE, id, StorageLevel.DISK_ONLY(), 0L, block.sizeBytes());
    }
  }

  /** The blocks of these RDDs. */
  List<CachedBlock> of(Collection<Integer> rddIds) {
    List<CachedBlock> blocks = new ArrayList<>();
    for (int rddId : rddIds) {
      blocks.addAll(byRdd.getOrDefault(rddId, Map.of()).values());
    }
    return blocks;
  }

  /** A block of a cached RDD, when it is in the store. */
  Optional<CachedBlock> find(RDDBlockId id) {
    Map<String, CachedBlock> blocks = byRdd.get(id.rddId());
    return Optional.ofNullable(blocks == null ? null : blocks.get(id.name()));
  }

  /** Forgets an unpersisted RDD; returns the objects of its blocks. */
  List<ObjectLocation> remove(int rddId) {
    Map<String, CachedBlock> removed = byRdd.remove(rddId);
    return removed == null
        ? List.of()
        : removed.values().stream().map(b -> ObjectLocation.parse(b.location())).toList();
  }

  /** Forgets one block; returns its object. */
  Optional<ObjectLocation> remove(RDDBlockId id) {
    Map<String, CachedBlock> blocks = byRdd.get(id.rddId());
    CachedBlock removed = blocks == null ? null : blocks.remove(id.name());
    return Optional.ofNullable(removed).map(b -> ObjectLocation.parse(b.location()));
  }
}
