package io.letsdata.worker.spark;

import io.letsdata.executor.protocol.Blob;
import io.letsdata.executor.protocol.ShuffleInput;
import io.letsdata.shuffle.MapOutput;
import io.letsdata.shuffle.OffsetsTable;
import io.letsdata.shuffle.spark.ShuffleRuntime;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.MapOutputTracker;

/** Gives the shuffle what the current payload says of its parents. Thread-safe. */
final class WorkerShuffle implements ShuffleRuntime {
  private final ObjectStore store;
  private final ObjectLocation root;
  private final Supplier<CurrentTask> current;

  /** Table and version by shuffle; bounded by the shuffles of one application. */
  private final Map<Integer, Known> known = new ConcurrentHashMap<>();

  private record Known(String version, OffsetsTable table) {}

  WorkerShuffle(ObjectStore store, ObjectLocation root, Supplier<CurrentTask> current) {
    this.store = store;
    this.root = root;
    this.current = current;
  }

  /** Drops what changed since an earlier task of this environment; call before each task. */
  void refresh(CurrentTask task, MapOutputTracker tracker) {
    task.payload()
        .shuffles()
        .forEach(
            (shuffleId, input) -> {
              Known before = known.get(shuffleId);
              if (before == null || !before.version().equals(input.version())) {
                tracker.unregisterShuffle(shuffleId);
                known.put(shuffleId, new Known(input.version(), table(input)));
              }
            });
  }

  private OffsetsTable table(ShuffleInput input) {
    Blob offsets = input.offsets();
    return offsets.ridesAlong()
        ? OffsetsTable.of(offsets.inline())
        : OffsetsTable.at(store, offsets.object());
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
  public Optional<OffsetsTable> offsets(int shuffleId) {
    return Optional.ofNullable(known.get(shuffleId)).map(Known::table);
  }

  @Override
  public void committed(MapOutput output) {
    current.get().mapOutputs().add(output.encode());
  }
}
