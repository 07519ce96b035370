// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.options.Internal;
import io.letsdata.protocol.RunKey;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The process in which shuffle tasks run: its store, keys and offsets. Thread-safe. */
@Internal
public interface ShuffleRuntime {
  /** The store; owned by the runtime. */
  ObjectStore store();

  /** The prefix of the application's own objects, shuffle objects among them. */
  ObjectLocation root();

  /**
   * The application's key for the codes of segments; empty where it comes with each shuffle's
   * handle instead.
   */
  default Optional<RunKey> key() {
    return Optional.empty();
  }

  /**
   * Exact offsets of a shuffle, if the driver gives them; otherwise footers are read, 1 more GET a
   * map output.
   *
   * @param wanted the outputs that are to be read; a table that is older than one of them is not
   *     returned
   * @param whileWaiting called about ten times a second; may throw to give up
   */
  Optional<OffsetsTable> offsets(int shuffleId, List<MapRef> wanted, Runnable whileWaiting)
      throws IOException;

  /**
   * Another table, instead of one from {@link #offsets} that cannot be read any more.
   *
   * @param whileWaiting as above
   * @return absent when there is none; then footers are read
   */
  default Optional<OffsetsTable> offsetsInstead(
      int shuffleId, OffsetsTable unreadable, Runnable whileWaiting) throws IOException {
    return Optional.empty();
  }

  /**
   * A map attempt's output is stored. Called on the task's thread, before the task reports success;
   * exactly once for each map output that Spark may accept, also for an empty one. When it returns,
   * the driver has the report, or gets it with the task's result.
   */
  void committed(MapReport report) throws IOException;

  /**
   * The failure to report for a failed request of a task.
   *
   * @param permissions that the request needed, such as {@code s3:PutObject}
   * @return the failure itself, or one that explains its cause
   */
  default IOException explain(IOException failure, String permissions) {
    return failure;
  }
}
