// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockInfo;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockStatus;
import org.apache.spark.storage.BroadcastBlockId;
import scala.Option;
import scala.Tuple2;
import scala.collection.Iterator;

/**
 * The broadcasts that an environment holds. A worker does not learn that the driver has destroyed
 * one, so the oldest are removed once those on disk take more than their share; a task that still
 * needs one reads it again.
 */
final class BroadcastBlocks {
  private final BlockManager blockManager;
  private final long diskBytes;

  /**
   * @param diskBytes bytes of /tmp that they may take between tasks
   */
  BroadcastBlocks(BlockManager blockManager, long diskBytes) {
    this.blockManager = blockManager;
    this.diskBytes = diskBytes;
  }

  /**
   * Removes the pieces of broadcasts that were put together, which no task reads again, and then
   * the oldest broadcasts until the rest fits. Call between tasks.
   */
  void trim() {
    Set<Long> whole = new HashSet<>();
    Map<Long, Long> onDisk = new TreeMap<>(); // ids grow with time
    Set<BroadcastBlockId> pieces = new HashSet<>();
    // Not BlockManager.getMatchingBlockIds (3.5.9), which lists 64 folders: it took a
    // quarter of the time between two empty tasks.
    Iterator<Tuple2<BlockId, BlockInfo>> all = blockManager.blockInfoManager().entries();
    while (all.hasNext()) {
      if (!(all.next()._1() instanceof BroadcastBlockId id)) {
        continue;
      }
      if (id.field().isEmpty()) {
        whole.add(id.broadcastId());
      } else {
        pieces.add(id);
      }
      Option<BlockStatus> status = blockManager.getStatus(id);
      if (status.isDefined()) {
        onDisk.merge(id.broadcastId(), status.get().diskSize(), Long::sum);
      }
    }
    for (BroadcastBlockId piece : pieces) {
      if (whole.contains(piece.broadcastId())) {
        Option<BlockStatus> status = blockManager.getStatus(piece);
        if (status.isDefined()) {
          onDisk.merge(piece.broadcastId(), -status.get().diskSize(), Long::sum);
        }
        blockManager.removeBlock(piece, false);
      }
    }
    long total = onDisk.values().stream().mapToLong(Long::longValue).sum();
    for (Map.Entry<Long, Long> broadcast : onDisk.entrySet()) {
      if (total <= diskBytes) {
        return;
      }
      if (broadcast.getValue() > 0) {
        var unused = blockManager.removeBroadcast(broadcast.getKey(), false);
        total -= broadcast.getValue();
      }
    }
  }
}
