package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.MapOutput;
import io.letsdata.shuffle.OffsetsTable;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.util.Optional;

/** What the shuffle needs from the process in which tasks run. Thread-safe. */
public interface ShuffleRuntime {
  /** The store; owned by the runtime. */
  ObjectStore store();

  /** Under which the application's own objects are, shuffle objects among them. */
  ObjectLocation root();

  /**
   * Exact offsets of a shuffle, when the driver shipped them; otherwise footers are read, 1 GET a
   * map output more.
   */
  Optional<OffsetsTable> offsets(int shuffleId);

  /**
   * A map attempt's output is stored. Called on the task's thread, before the task reports success;
   * exactly once for each map output that Spark may accept, also for an empty one.
   */
  void committed(MapOutput output);
}
