package io.letsdata.shuffle;

import io.letsdata.store.ObjectLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The driver's memory of what every map attempt wrote, kept encoded: about 7 bytes for each
 * non-empty segment. Thread-safe.
 *
 * <p>It remembers every run that reported, also those that Spark did not accept: they too must be
 * deleted one day. Which run counts is the caller's to say, from Spark's map statuses.
 */
public final class ShuffleOffsets {
  private final Supplier<ShuffleLayout> layout;
  private final Map<Integer, Map<MapRef, byte[]>> shuffles = new ConcurrentHashMap<>();

  /**
   * Knows nothing yet.
   *
   * @param layout asked when locations are first needed: Spark makes shuffle managers before the
   *     application has its id
   */
  public ShuffleOffsets(Supplier<ShuffleLayout> layout) {
    this.layout = layout;
  }

  /** Remembers an output; the same one twice counts once. */
  public void add(MapOutput output) {
    shuffles
        .computeIfAbsent(output.shuffleId(), id -> new ConcurrentHashMap<>())
        .put(output.ref(), output.encode());
  }

  /** The output of one run, if it reported. */
  public Optional<MapOutput> find(int shuffleId, MapRef map) {
    return Optional.ofNullable(shuffles.getOrDefault(shuffleId, Map.of()).get(map))
        .map(ShuffleOffsets::decodeOwn);
  }

  /** An index over this registry as it is whenever it is asked. */
  public MapOutputIndex index(int shuffleId, int startPartition, int endPartition) {
    return map -> find(shuffleId, map).map(output -> output.segments(startPartition, endPartition));
  }

  /**
   * Forgets a shuffle.
   *
   * @return the objects that its known outputs have, which nobody needs anymore
   */
  public List<ObjectLocation> forget(int shuffleId) {
    Map<MapRef, byte[]> outputs = shuffles.remove(shuffleId);
    List<ObjectLocation> objects = new ArrayList<>();
    if (outputs != null) {
      for (Map.Entry<MapRef, byte[]> output : outputs.entrySet()) {
        if (decodeOwn(output.getValue()).totalBytes() > 0) {
          objects.add(layout.get().dataLocation(shuffleId, output.getKey()));
        }
      }
    }
    return objects;
  }

  /** Forgets everything; see {@link #forget}. */
  public List<ObjectLocation> forgetAll() {
    List<ObjectLocation> objects = new ArrayList<>();
    for (Integer shuffleId : shuffles.keySet()) {
      objects.addAll(forget(shuffleId));
    }
    return objects;
  }

  /**
   * The table from which reduce tasks read exact offsets: SPEC.md section 5. Time grows with maps
   * times partitions.
   *
   * @param winners the runs that Spark accepted, in the order of the map indexes. One that never
   *     reported here is marked as unknown, and readers then ask its object's footer
   * @return bytes for {@link OffsetsTable}. If they would exceed {@link
   *     OffsetsTableBuilder#MAX_TABLE_BYTES}, a table in which every map is unknown
   */
  public byte[] table(int shuffleId, List<MapRef> winners) {
    Map<MapRef, byte[]> outputs = shuffles.getOrDefault(shuffleId, Map.of());
    List<Optional<byte[]>> encoded = new ArrayList<>(winners.size());
    for (MapRef winner : winners) {
      encoded.add(Optional.ofNullable(outputs.get(winner)));
    }
    try {
      return new OffsetsTableBuilder(shuffleId, winners).build(encoded);
    } catch (ShuffleFormatException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MapOutput decodeOwn(byte[] encoded) {
    try {
      return MapOutput.decode(encoded);
    } catch (ShuffleFormatException e) {
      throw new IllegalStateException(e);
    }
  }
}
