// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Nonces;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.List;

/**
 * Makes the tables from which reduce tasks read exact offsets, from what an {@link OutputRegistry}
 * knows. Thread-safe.
 */
@Internal
public final class OffsetsTables {
  private final KnownShuffles shuffles;
  private final OffsetsMover mover;

  OffsetsTables(KnownShuffles shuffles, OffsetsMover mover) {
    this.shuffles = shuffles;
    this.mover = mover;
  }

  /**
   * The table from which reduce tasks read exact offsets, and the segments of small outputs:
   * SPEC.md section 5. Time grows with maps times partitions. No request; when the indexes are
   * above 16 MiB they move to the store first, 1 PUT for each 16 MiB.
   *
   * @param winners the map outputs that Spark accepted. One that was never reported here is marked
   *     as unknown, and readers then read the footer of its object
   * @return bytes for {@link OffsetsTable}
   */
  public byte[] table(int shuffleId, List<MapRef> winners) {
    KnownOutputs known = shuffles.findOrEmpty(shuffleId);
    mover.shrink(shuffleId, known);
    return new MergedTables(known).table(shuffleId, winners);
  }

  /**
   * As {@link #table}, for a table that could not be stored: without the segments whose offsets are
   * in the footers of objects, about 25 bytes for each of their outputs; with those of small
   * outputs, which are nowhere else. No request.
   */
  public byte[] tableWithFooters(int shuffleId, List<MapRef> winners) {
    return new MergedTables(shuffles.findOrEmpty(shuffleId)).tableWithFooters(shuffleId, winners);
  }

  /**
   * Stores a table for readers that fetch it themselves; {@link OutputRegistry#forget} names it.
   * One PUT.
   *
   * @return its location
   */
  public ObjectLocation publish(int shuffleId, byte[] table) throws IOException {
    String nonce = Nonces.next();
    ShuffleHome home = shuffles.home();
    ObjectLocation location = home.layout().tableLocation(shuffleId, nonce);
    home.store().put(location, ObjectContent.of(table));
    shuffles.findOrCreate(shuffleId).addTable(nonce);
    mover.deleteIfForgotten(shuffleId, location);
    return location;
  }
}
