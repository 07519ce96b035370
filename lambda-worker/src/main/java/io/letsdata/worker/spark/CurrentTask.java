// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.protocol.Blob;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.protocol.MergePayload;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.ShuffleInput;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.storage.RDDBlockId;

/**
 * The inputs of one invocation, from its payload, and the outputs that its task commits.
 * Thread-safe, since Spark reads blocks from threads of its own.
 */
final class CurrentTask {
  private final Map<Integer, ShuffleInput> shuffles;
  private final Map<String, Blob> broadcasts;
  private final Map<String, String> files;
  private final Invocation invocation;
  private final ObjectStore store;
  private final RunLayout layout;
  private final CommitGate gate;
  private final Map<String, CachedBlock> cached = new HashMap<>();
  private final Set<RDDBlockId> newlyCached = ConcurrentHashMap.newKeySet();
  private final Map<String, String> unreadBlocks = new ConcurrentHashMap<>();
  private final List<byte[]> mapOutputs = new java.util.concurrent.CopyOnWriteArrayList<>();

  CurrentTask(TaskPayload payload, Invocation invocation, ObjectStore store) {
    this.shuffles = payload.shuffles();
    this.broadcasts = payload.broadcasts();
    this.files = payload.files();
    this.invocation = invocation;
    this.store = store;
    this.layout = payload.session().layout();
    this.gate =
        new CommitGate(
            store,
            layout.commit(payload.stageId(), payload.partition(), payload.commitGeneration()),
            payload.dispatch(),
            invocation);
    for (CachedBlock block : payload.cached()) {
      cached.put(block.block(), block);
    }
  }

  /** For a runtime that starts for a merge: there are files for its plugins, but no task. */
  CurrentTask(MergePayload payload, Invocation invocation, ObjectStore store) {
    this.shuffles = Map.of();
    this.broadcasts = Map.of();
    this.files = payload.files();
    this.invocation = invocation;
    this.store = store;
    this.layout = payload.session().layout();
    this.gate =
        new CommitGate(
            store, layout.commit(payload.stageId(), -1, 0), payload.dispatch(), invocation);
  }

  /** Locations of the published copies of files that the driver serves, by URL. */
  Map<String, String> files() {
    return files;
  }

  /** Nonce of this invocation, in every key that it writes. */
  String nonce() {
    return invocation.nonce();
  }

  RunLayout layout() {
    return layout;
  }

  CommitGate gate() {
    return gate;
  }

  /** Blocks this task cached in memory or on disk, to be stored once it has succeeded. */
  Set<RDDBlockId> newlyCached() {
    return newlyCached;
  }

  List<byte[]> mapOutputs() {
    return mapOutputs;
  }

  Optional<CachedBlock> cachedBlock(String name) {
    return Optional.ofNullable(cached.get(name));
  }

  /**
   * A parent shuffle of the stage.
   *
   * @throws IllegalStateException when the payload lists none of that id
   */
  ShuffleInput shuffle(int shuffleId) {
    ShuffleInput input = shuffles.get(shuffleId);
    if (input == null) {
      throw new IllegalStateException(
          "Cannot read shuffle " + shuffleId + ": the payload lists " + shuffles.keySet());
    }
    return input;
  }

  /** A broadcast piece or cached block by Spark's name. One GET unless it is inside the payload. */
  byte[] block(String name) throws IOException {
    Blob inline = broadcasts.get(name);
    if (inline != null) {
      return bytes(inline);
    }
    CachedBlock block = cached.get(name);
    try {
      return store.read(
          block != null ? ObjectLocation.parse(block.location()) : layout.broadcast(name));
    } catch (IOException e) {
      unreadBlocks.put(name, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /**
   * Why a block could not be read that the text of a failure names: Spark only names the block
   * (TorrentBroadcast.readBlocks, 3.5.9).
   */
  Optional<String> unreadBlock(String failure) {
    return unreadBlocks.entrySet().stream()
        .filter(unread -> failure.contains(unread.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The bytes of a blob. One GET unless they are inside the message. */
  byte[] bytes(Blob blob) throws IOException {
    return blob.hasBytes() ? blob.inline() : store.read(blob.object());
  }
}
