// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.protocol.Blob;
import io.letsdata.protocol.RunKey;
import io.letsdata.protocol.ShuffleInput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.spark.context.ShuffleRuntime;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.MapOutputTracker;

/** Gives the shuffle the parents that the current payload lists. Thread-safe. */
final class WorkerShuffle implements ShuffleRuntime {
  /** A response takes 6 MB, a third of which is base64; the task's result is in it too. */
  private static final int MAX_REPORT_BYTES = 1 << 20;

  private final ObjectStore store;
  private final ObjectLocation root;
  private final RunKey key;
  private final Supplier<CurrentTask> current;

  /** Table and version of the current task's shuffles: a table may hold small outputs. */
  private final Map<Integer, Known> known = new ConcurrentHashMap<>();

  private record Known(String version, OffsetsTable table) {}

  WorkerShuffle(ObjectStore store, ObjectLocation root, RunKey key, Supplier<CurrentTask> current) {
    this.store = store;
    this.root = root;
    this.key = key;
    this.current = current;
  }

  /**
   * Drops shuffles that changed since an earlier task of this environment, and those that the task
   * does not read: a payload names every parent shuffle of its stage, and a task reads no other.
   * Call before each task.
   */
  void refresh(Map<Integer, ShuffleInput> shuffles, MapOutputTracker tracker) {
    Set<Integer> unread = new HashSet<>(known.keySet());
    unread.removeAll(shuffles.keySet());
    for (int shuffleId : unread) {
      tracker.unregisterShuffle(shuffleId);
      known.remove(shuffleId);
    }
    shuffles.forEach(
        (shuffleId, input) -> {
          Known before = known.get(shuffleId);
          if (before == null || !before.version().equals(input.version())) {
            tracker.unregisterShuffle(shuffleId);
            known.put(shuffleId, new Known(input.version(), table(input.offsets())));
          }
        });
  }

  /** The offsets table of a payload. No request now; the table reads its object when asked. */
  OffsetsTable table(Blob offsets) {
    return offsets.hasBytes()
        ? OffsetsTable.of(offsets.inline())
        : OffsetsTable.at(store, offsets.object(), offsets.version());
  }

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public ObjectLocation root() {
    return root;
  }

  @Override
  public Optional<RunKey> key() {
    return Optional.of(key);
  }

  @Override
  public Optional<OffsetsTable> offsets(int shuffleId, List<MapRef> wanted, Runnable whileWaiting) {
    return Optional.ofNullable(known.get(shuffleId)).map(Known::table);
  }

  @Override
  public void committed(MapReport report) {
    byte[] encoded = report.encode();
    boolean hasObject = report.inline().isEmpty();
    if (encoded.length <= MAX_REPORT_BYTES || !hasObject) { // else readers ask its footer
      current.get().mapOutputs().add(encoded);
    }
  }
}
