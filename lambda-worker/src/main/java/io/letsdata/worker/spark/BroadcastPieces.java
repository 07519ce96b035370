// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.reflect.ClassTag$;

/**
 * Reads pieces of broadcasts, several at once although Spark asks for one after the other: a wanted
 * piece shows that all pieces with lower numbers exist (TorrentBroadcast.readBlocks, 3.5.9, asks in
 * random order), so those are read ahead into the block manager, which bounds their memory. Each
 * piece is one GET. Thread-safe.
 */
final class BroadcastPieces {
  private static final Logger LOG = LoggerFactory.getLogger(BroadcastPieces.class);
  private static final Pattern PIECE = Pattern.compile("broadcast_(\\d+)_piece(\\d+)");

  private final StoreBlockTransferService.BlockReader blocks;
  private final Executor readers;
  private final BlockManager blockManager;

  /** Pieces that are being read; one reader each. */
  private final Map<String, CompletableFuture<byte[]>> reads = new ConcurrentHashMap<>();

  /** The pieces of a broadcast whose read has begun, as bits; kept as long as the runtime. */
  private final Map<Long, BitSet> begun = new ConcurrentHashMap<>();

  /**
   * @param readers bounds the number of pieces read at once, each of up to 4 MiB each
   *     (spark.broadcast.blockSize)
   */
  BroadcastPieces(
      StoreBlockTransferService.BlockReader blocks, Executor readers, BlockManager blockManager) {
    this.blocks = blocks;
    this.readers = readers;
    this.blockManager = blockManager;
  }

  /** One piece; waits for it when it is already being read. */
  byte[] read(String name) throws IOException {
    CompletableFuture<byte[]> mine = new CompletableFuture<>();
    CompletableFuture<byte[]> other = reads.putIfAbsent(name, mine);
    if (other != null) {
      return await(other);
    }
    try {
      Matcher piece = PIECE.matcher(name);
      if (piece.matches()) {
        long broadcast = Long.parseLong(piece.group(1));
        int number = Integer.parseInt(piece.group(2));
        Optional<byte[]> local = local(id(broadcast, number));
        if (local.isPresent()) {
          return complete(mine, local.get()); // it came after Spark had looked into memory
        }
        readAhead(broadcast, number);
      }
      return complete(mine, blocks.read(name));
    } catch (IOException | RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      reads.remove(name, mine);
    }
  }

  private void readAhead(long broadcast, int number) {
    BitSet known = begun.computeIfAbsent(broadcast, id -> new BitSet());
    synchronized (known) {
      if (known.get(number)) {
        known.clear(); // dropped since then, so all of it is read again
      }
      known.set(number);
      for (int lower = known.nextClearBit(0);
          lower < number;
          lower = known.nextClearBit(lower + 1)) {
        known.set(lower);
        BroadcastBlockId wanted = id(broadcast, lower);
        readers.execute(() -> store(wanted));
      }
    }
  }

  private void store(BroadcastBlockId id) {
    CompletableFuture<byte[]> mine = new CompletableFuture<>();
    if (blockManager.getStatus(id).isDefined() || reads.putIfAbsent(id.name(), mine) != null) {
      return;
    }
    try {
      byte[] bytes = complete(mine, blocks.read(id.name()));
      boolean unused =
          blockManager.putBytes(
              id,
              new ChunkedByteBuffer(ByteBuffer.wrap(bytes)),
              StorageLevel.MEMORY_AND_DISK_SER(),
              false,
              ClassTag$.MODULE$.apply(byte[].class));
    } catch (IOException | RuntimeException e) {
      mine.completeExceptionally(e);
      LOG.debug("Cannot read {} ahead; a task that needs it reads it again", id, e);
    } finally {
      reads.remove(id.name(), mine); // only now: before, it is not in the block manager yet
    }
  }

  private Optional<byte[]> local(BroadcastBlockId id) {
    Option<BlockData> data = blockManager.getLocalBytes(id);
    if (data.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          data.get().toChunkedByteBuffer(size -> ByteBuffer.allocate((Integer) size)).toArray());
    } finally {
      blockManager.releaseLock(id, Option.empty());
    }
  }

  private static BroadcastBlockId id(long broadcast, int number) {
    return new BroadcastBlockId(broadcast, "piece" + number);
  }

  private static byte[] complete(CompletableFuture<byte[]> future, byte[] bytes) {
    future.complete(bytes);
    return bytes;
  }

  private static byte[] await(CompletableFuture<byte[]> future) throws IOException {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
  }
}
