// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.request.TruncatedBodies;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectChanged;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;

/**
 * Reads the index of a map output from its own object, for readers without an offsets table.
 * Thread-safe.
 */
@Internal
public final class FooterReader {
  /** Holds the index of 7,000 non-empty partitions. */
  private static final int FIRST_READ_BYTES = 64 << 10;

  private final ObjectStore store;
  private final ShuffleLayout layout;
  private final int partitions;

  /**
   * @param partitions that the shuffle has; an index with others is refused before it takes memory
   */
  public FooterReader(ObjectStore store, ShuffleLayout layout, int partitions) {
    this.store = store;
    this.layout = layout;
    this.partitions = partitions;
  }

  /**
   * Index of one map output. One GET, two when the index is above 64 KiB.
   *
   * @throws SegmentUnavailable when the object is missing, clipped, damaged or another map output's
   * @throws IOException when the store fails
   */
  public MapOutput read(int shuffleId, MapRef map, int mapIndex, int partition) throws IOException {
    ObjectLocation object = layout.dataLocation(shuffleId, map);
    FetchPlan.Wanted wanted = new FetchPlan.Wanted(map, mapIndex, object, java.util.List.of());
    try {
      MapOutput output = readIndex(object);
      if (output.shuffleId() != shuffleId || !output.ref().equals(map)) {
        throw new ShuffleFormatException("Cannot read " + object + ": it holds " + output + ".");
      }
      return output;
    } catch (ShuffleFormatException | ObjectNotFound | ObjectChanged e) {
      throw new SegmentUnavailable(
          wanted, partition, "the index is missing or damaged (" + e.getMessage() + ")", e);
    }
  }

  private MapOutput readIndex(ObjectLocation object) throws IOException {
    Tail tail = readTail(object, FIRST_READ_BYTES);
    long tailBytes = MapObject.tailBytes(tail.bytes, tail.objectBytes, partitions);
    if (tailBytes > tail.bytes.length) {
      tail = readTail(object, tailBytes);
    }
    return MapObject.parse(tail.bytes, tail.objectBytes, partitions);
  }

  private Tail readTail(ObjectLocation object, long lastBytes) throws IOException {
    return TruncatedBodies.retry(
        () -> {
          try (ObjectBody body = store.openTail(object, lastBytes)) {
            return new Tail(body.readAllBytes(), body.stat().lengthBytes());
          }
        });
  }

  private static final class Tail {
    final byte[] bytes;
    final long objectBytes;

    Tail(byte[] bytes, long objectBytes) {
      this.bytes = bytes;
      this.objectBytes = objectBytes;
    }
  }
}
