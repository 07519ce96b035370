// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.network.BlockDataManager;
import org.apache.spark.network.BlockTransferService;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.network.shuffle.DownloadFileManager;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/** Spark's fetches of "remote" blocks (broadcast pieces, cached blocks), served from the store. */
final class StoreBlockTransferService extends BlockTransferService {
  private static final int PARALLEL_FETCHES = 8;

  /** Pieces of a broadcast that are read ahead at once: 24 MB in flight at most. */
  private static final int READ_AHEAD = 6;

  /** Reads one block by Spark's name. */
  interface BlockReader {
    byte[] read(String blockName) throws IOException;
  }

  private final BlockReader blocks;
  private final ExecutorService pool = pool("letsdata-fetch", PARALLEL_FETCHES);

  /** A pool of its own: a block that is needed now never queues behind one that may be needed. */
  private final ExecutorService ahead = pool("letsdata-read-ahead", READ_AHEAD);

  private volatile @Nullable BroadcastPieces pieces;

  private static ExecutorService pool(String name, int threads) {
    return Executors.newFixedThreadPool(
        threads,
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  StoreBlockTransferService(BlockReader blocks) {
    this.blocks = blocks;
  }

  @Override
  public void init(BlockDataManager manager) {
    pieces = new BroadcastPieces(blocks, ahead, (BlockManager) manager);
  }

  @Override
  public int port() {
    return 1;
  }

  @Override
  public String hostName() {
    return "worker.invalid";
  }

  @Override
  public Future<BoxedUnit> uploadBlock(
      String host,
      int port,
      String executorId,
      BlockId block,
      ManagedBuffer data,
      StorageLevel level,
      ClassTag<?> type) {
    throw new UnsupportedOperationException(
        "Cannot replicate " + block + ": the store keeps cached blocks, workers have no peers.");
  }

  @Override
  public void fetchBlocks(
      String host,
      int port,
      String executorId,
      String[] blockNames,
      BlockFetchingListener listener,
      DownloadFileManager downloads) {
    for (String name : blockNames) {
      pool.execute(() -> fetch(name, listener));
    }
  }

  private byte[] read(String name) throws IOException {
    BroadcastPieces broadcasts = pieces;
    return broadcasts == null ? blocks.read(name) : broadcasts.read(name);
  }

  private void fetch(String name, BlockFetchingListener listener) {
    ManagedBuffer data;
    try {
      data = new NioManagedBuffer(ByteBuffer.wrap(read(name)));
    } catch (IOException | RuntimeException e) {
      listener.onBlockFetchFailure(name, e);
      return;
    }
    listener.onBlockFetchSuccess(name, data);
  }

  @Override
  public void close() {
    pool.shutdownNow();
    ahead.shutdownNow();
  }
}
