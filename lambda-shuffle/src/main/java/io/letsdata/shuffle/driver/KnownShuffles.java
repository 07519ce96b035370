// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.store.ObjectLocation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * All shuffles that the driver knows, and the memory that they take together. Shared by {@link
 * OutputRegistry}, {@link OffsetsMover} and {@link OffsetsTables}. Thread-safe; sends no request.
 */
final class KnownShuffles {
  private final Supplier<ShuffleHome> home;
  private final Map<Integer, KnownOutputs> shuffles = new ConcurrentHashMap<>();

  /** Spark counts the ids of shuffles and never uses one again: one bit each. */
  private final BitSet forgotten = new BitSet();

  /** Objects that were stored for readers, by shuffle. */
  private final Map<Integer, Set<ObjectLocation>> forReaders = new ConcurrentHashMap<>();

  /** Partitions of each registered shuffle; also of forgotten ones, of which late reports come. */
  private final Map<Integer, Integer> partitions = new ConcurrentHashMap<>();

  private final AtomicLong indexBytes = new AtomicLong();
  private final AtomicLong inlineBytes = new AtomicLong();

  KnownShuffles(Supplier<ShuffleHome> home) {
    this.home = home;
  }

  ShuffleHome home() {
    return home.get();
  }

  void registered(int shuffleId, int partitionCount) {
    partitions.put(shuffleId, partitionCount);
  }

  /** Of a registered shuffle; else -1. */
  int partitions(int shuffleId) {
    return partitions.getOrDefault(shuffleId, -1);
  }

  /** Bytes of the indexes in memory that could be moved to the store. */
  long indexBytes() {
    return indexBytes.get();
  }

  /** Bytes of small outputs in memory, their indexes included. */
  long inlineBytes() {
    return inlineBytes.get();
  }

  Optional<KnownOutputs> find(int shuffleId) {
    return Optional.ofNullable(shuffles.get(shuffleId));
  }

  /** The outputs of a shuffle; of an unknown one an empty value that is not kept. */
  KnownOutputs findOrEmpty(int shuffleId) {
    return shuffles.getOrDefault(shuffleId, new KnownOutputs());
  }

  KnownOutputs findOrCreate(int shuffleId) {
    return shuffles.computeIfAbsent(shuffleId, id -> new KnownOutputs());
  }

  boolean isForgotten(int shuffleId) {
    synchronized (forgotten) {
      return forgotten.get(shuffleId);
    }
  }

  /** Counts the memory of an entry: {@code sign} 1 when it is added, -1 when it is removed. */
  void account(KnownOutputs.Entry entry, int sign) {
    indexBytes.addAndGet((long) sign * entry.movableBytes());
    inlineBytes.addAndGet((long) sign * entry.inlineBytes());
  }

  /** Counts indexes that have left memory. */
  void moved(long bytes) {
    indexBytes.addAndGet(-bytes);
  }

  /** The shuffle with the most bytes that could be moved; empty when there are none. */
  Optional<Integer> largestMovable() {
    Integer largest = null;
    long most = 0;
    for (Map.Entry<Integer, KnownOutputs> shuffle : shuffles.entrySet()) {
      long bytes = shuffle.getValue().movableBytes();
      if (bytes > most) {
        most = bytes;
        largest = shuffle.getKey();
      }
    }
    return Optional.ofNullable(largest);
  }

  /** See {@link OutputRegistry#storedForReaders}. */
  void storedForReaders(int shuffleId, ObjectLocation object) {
    forReaders.computeIfAbsent(shuffleId, id -> ConcurrentHashMap.newKeySet()).add(object);
  }

  /** See {@link OutputRegistry#forgetReaders}. */
  List<ObjectLocation> forgetReaders(int shuffleId) {
    Set<ObjectLocation> objects = forReaders.remove(shuffleId);
    return objects == null ? List.of() : List.copyOf(objects);
  }

  /** See {@link OutputRegistry#forget}. */
  List<ObjectLocation> forget(int shuffleId) {
    synchronized (forgotten) {
      forgotten.set(shuffleId);
    }
    KnownOutputs known = shuffles.remove(shuffleId);
    List<ObjectLocation> objects = new ArrayList<>();
    if (known != null) {
      ShuffleLayout layout = home().layout();
      for (Map.Entry<MapRef, KnownOutputs.Entry> output : known.clear().entrySet()) {
        account(output.getValue(), -1);
        if (output.getValue().hasObject()) {
          objects.add(layout.dataLocation(shuffleId, output.getKey()));
        }
      }
      for (String nonce : known.tables()) {
        objects.add(layout.tableLocation(shuffleId, nonce));
      }
      for (String nonce : known.merges().nonces()) {
        objects.add(layout.mergedLocation(shuffleId, nonce));
      }
    }
    return objects;
  }

  List<ObjectLocation> forgetAll() {
    List<ObjectLocation> objects = new ArrayList<>();
    for (Integer shuffleId : shuffles.keySet()) {
      objects.addAll(forget(shuffleId));
    }
    return objects;
  }
}
