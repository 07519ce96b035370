// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.shuffle.spark.context.ShuffleRuntime;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The offsets that the driver made for a reader. A table in the store may be missing or damaged
 * while its outputs are not: another table, or their footers, have the same offsets. The segments
 * of small outputs were in that table alone and have no footer: the first of them is then a lost
 * output, Spark recomputes it, and the driver makes a new table.
 */
record ShippedOffsets(ShuffleRuntime runtime, ShuffleHome home, TableCache tables) {
  private static final Logger LOG = LoggerFactory.getLogger(ShippedOffsets.class);

  /**
   * A column range that costs more bytes than this for each map output wanted is dearer than the
   * outputs' footers.
   */
  private static final long OFFSETS_BYTES_PER_MAP = 256 << 10;

  /**
   * The index of the reduce partitions {@code [start, end)}; at most 2 GETs a table.
   *
   * @param whileWaiting called about ten times a second while the driver is asked; may throw
   * @return absent when this process gets no table
   * @throws IOException when the driver does not answer
   */
  Optional<MapOutputIndex> index(
      int shuffleId, int start, int end, List<MapRef> wanted, Runnable whileWaiting)
      throws IOException {
    Optional<OffsetsTable> table = runtime.offsets(shuffleId, wanted, whileWaiting);
    if (table.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(columns(shuffleId, table.get(), start, end, wanted));
    } catch (IOException e) {
      rethrowInterrupt(e, whileWaiting);
      LOG.warn("Cannot use the offsets of shuffle {}: looking for others", shuffleId, e);
    }
    Optional<OffsetsTable> other = runtime.offsetsInstead(shuffleId, table.get(), whileWaiting);
    try {
      if (other.isPresent()) {
        return Optional.of(columns(shuffleId, other.get(), start, end, wanted));
      }
    } catch (IOException e) {
      rethrowInterrupt(e, whileWaiting);
      LOG.warn("Reading footers instead of the offsets of shuffle {}", shuffleId, e);
    }
    return Optional.of(MapOutputIndex.unknown());
  }

  private MapOutputIndex columns(
      int shuffleId, OffsetsTable table, int start, int end, List<MapRef> wanted)
      throws IOException {
    return tables.index(home, shuffleId, table, start, end, wanted.size() * OFFSETS_BYTES_PER_MAP);
  }

  private static void rethrowInterrupt(IOException e, Runnable whileWaiting) throws IOException {
    whileWaiting.run();
    if (Thread.currentThread().isInterrupted()) {
      throw e;
    }
  }
}
