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
import org.apache.spark.storage.StorageLevel;
import scala.concurrent.Future;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/**
 * Spark's fetches of "remote" blocks (broadcast pieces, cached blocks), answered from the store.
 */
final class StoreBlockTransferService extends BlockTransferService {
  private static final int PARALLEL_FETCHES = 8;

  /** Reads one block by Spark's name. */
  interface BlockReader {
    byte[] read(String blockName) throws IOException;
  }

  private final BlockReader blocks;
  private final ExecutorService pool =
      Executors.newFixedThreadPool(
          PARALLEL_FETCHES,
          work -> {
            Thread thread = new Thread(work, "letsdata-fetch");
            thread.setDaemon(true);
            return thread;
          });

  StoreBlockTransferService(BlockReader blocks) {
    this.blocks = blocks;
  }

  @Override
  public void init(BlockDataManager manager) {}

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

  private void fetch(String name, BlockFetchingListener listener) {
    ManagedBuffer data;
    try {
      data = new NioManagedBuffer(ByteBuffer.wrap(blocks.read(name)));
    } catch (IOException | RuntimeException e) {
      listener.onBlockFetchFailure(name, e);
      return;
    }
    listener.onBlockFetchSuccess(name, data);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
