// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.shuffle.ExecutorDiskUtils;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.storage.BlockManagerMaster;
import org.apache.spark.storage.BlockManagerMessages;
import org.apache.spark.storage.BlockStatus;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Some;
import scala.collection.JavaConverters;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.reflect.ClassTag;

/**
 * Lets the driver's own block manager read cached blocks, as {@code SparkEnv.get().blockManager()
 * .get(id)} does. The store is an executor without an address, which Spark would try to reach for
 * 15 s. Spark reads a block of an executor on its own host from that executor's folder
 * (BlockManager.getRemoteBlock, 3.5.9): the block is put into such a folder before Spark gets its
 * place. All other messages to the block manager master pass through.
 *
 * <p>One GET a block; the files stay until the application ends. Thread-safe.
 */
final class StoredBlockReads extends RpcEndpointRef {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(StoredBlockReads.class);

  private final transient RpcEndpointRef master;
  private final transient CachedBlocks cached;
  private final transient ObjectStore store;
  private final transient Path folder;
  private final int subfolders;

  private StoredBlockReads(
      SparkEnv env, RpcEndpointRef master, CachedBlocks cached, ObjectStore store, Path folder) {
    super(env.conf());
    this.master = master;
    this.cached = cached;
    this.store = store;
    this.folder = folder;
    this.subfolders = env.conf().getInt("spark.diskStore.subDirectories", 64);
  }

  /** Puts itself between the driver's block manager and its master. No request. */
  static void install(SparkEnv env, CachedBlocks cached, ObjectStore store) {
    BlockManagerMaster master = env.blockManager().master();
    Path folder =
        Utils.createTempDir(Utils.getLocalDir(env.conf()), "letsdata-cached-blocks").toPath();
    master.driverEndpoint_$eq(
        new StoredBlockReads(env, master.driverEndpoint(), cached, store, folder));
  }

  @Override
  public RpcAddress address() {
    return master.address();
  }

  @Override
  public String name() {
    return master.name();
  }

  @Override
  public void send(Object message) {
    master.send(message);
  }

  @Override
  @SuppressWarnings("unchecked") // the type that the message's senders expect
  public <T> Future<T> ask(Object message, RpcTimeout timeout, ClassTag<T> type) {
    if (message instanceof BlockManagerMessages.GetLocationsAndStatus wanted
        && wanted.blockId() instanceof RDDBlockId id) {
      Optional<CachedBlock> block = cached.find(id);
      if (block.isPresent()) {
        Object reply = inFolder(id, block.get());
        return (Future<T>) Future$.MODULE$.successful(reply);
      }
    }
    return master.ask(message, timeout, type);
  }

  private Option<BlockManagerMessages.BlockLocationsAndStatus> inFolder(
      RDDBlockId id, CachedBlock block) {
    try {
      fetch(id, ObjectLocation.parse(block.location()));
    } catch (IOException e) {
      LOG.warn("Cannot read cached block {}; it counts as lost here", id, e);
      return Option.empty();
    }
    return new Some<>(
        new BlockManagerMessages.BlockLocationsAndStatus(
            JavaConverters.asScalaBuffer(List.of(SparkInternals.STORE)).toSeq(),
            new BlockStatus(StorageLevel.DISK_ONLY(), 0, block.sizeBytes()),
            new Some<>(new String[] {folder.toString()})));
  }

  private void fetch(RDDBlockId id, ObjectLocation object) throws IOException {
    Path file =
        Path.of(
            ExecutorDiskUtils.getFilePath(new String[] {folder.toString()}, subfolders, id.name()));
    Files.createDirectories(file.getParent());
    Path part = Files.createTempFile(folder, id.name(), ".part");
    try (InputStream in = store.openAll(object, Optional.empty())) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
