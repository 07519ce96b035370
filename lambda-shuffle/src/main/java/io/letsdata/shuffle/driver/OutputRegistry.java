// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapOutputCodec;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.MapSegments;
import io.letsdata.shuffle.offsets.MergedExtents;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The driver's memory of every reported map output, kept encoded: about 7 bytes for each non-empty
 * segment, and the segments themselves of small outputs. Both within {@link DriverBounds}: beyond
 * them, {@link OffsetsMover} moves indexes to tables in the store and stores small outputs as
 * objects. Thread-safe.
 *
 * <p>It remembers every execution of a map attempt that reported, also those that Spark did not
 * accept: their objects must be deleted too. The caller names the accepted ones, from Spark's map
 * statuses.
 */
@Internal
public final class OutputRegistry {
  private final DriverBounds bounds;
  private final TableCache cache;
  private final KnownShuffles shuffles;
  private final OffsetsMover mover;
  private final OffsetsTables tables;

  /**
   * Knows nothing yet.
   *
   * @param home asked when the store is first needed: Spark makes shuffle managers before the
   *     application has its id
   */
  public OutputRegistry(Supplier<ShuffleHome> home, DriverBounds bounds) {
    this(home, bounds, new TableCache());
  }

  /** As above; {@code cache} reads the tables that were moved to the store. */
  public OutputRegistry(Supplier<ShuffleHome> home, DriverBounds bounds, TableCache cache) {
    this.bounds = bounds;
    this.cache = cache;
    this.shuffles = new KnownShuffles(home);
    this.mover = new OffsetsMover(shuffles, bounds);
    this.tables = new OffsetsTables(shuffles, mover);
  }

  /** The bounds that it keeps. */
  public DriverBounds bounds() {
    return bounds;
  }

  /** The tables that it gives to reduce tasks. */
  public OffsetsTables tables() {
    return tables;
  }

  /** Bytes of indexes and segments in memory; a few dozen bytes an output come on top. */
  public long retainedBytes() {
    return shuffles.indexBytes() + shuffles.inlineBytes();
  }

  /** Spark has registered a shuffle; outputs with other partitions are refused from now on. */
  public void registered(int shuffleId, int partitions) {
    shuffles.registered(shuffleId, partitions);
  }

  /**
   * As {@link #add(MapReport)}, from the bytes that an executor or a function sent.
   *
   * @throws ShuffleFormatException when they are damaged, or of a shuffle that is not registered or
   *     has other partitions
   */
  public void add(byte[] report) throws IOException {
    add(MapReport.decode(report, shuffles::partitions));
  }

  /**
   * Remembers an output; the same one twice counts once. No request within the bounds; else 1 PUT
   * for a small output, or for each 16 MiB of indexes.
   *
   * @throws IOException when a small output finds no room and cannot be stored: it is then unknown
   */
  public void add(MapReport report) throws IOException {
    MapOutput output = report.output();
    byte[] inline = report.inline().orElse(null);
    byte[] index = output.encode();
    if (inline != null
        && shuffles.inlineBytes() + inline.length + index.length > bounds.inlineBytes()) {
      mover.store(output, inline);
      inline = null;
    }
    KnownOutputs.Entry entry =
        new KnownOutputs.Entry(
            index,
            inline,
            null,
            inline == null ? output.totalBytes() : 0,
            (int) Arrays.stream(output.lengths()).filter(length -> length > 0).count());
    KnownOutputs known = shuffles.findOrCreate(output.shuffleId());
    Optional<KnownOutputs.Entry> before = known.put(output.ref(), entry);
    if (before.isEmpty() && inline == null) {
      known.measure(output);
    }
    before.ifPresent(old -> shuffles.account(old, -1));
    shuffles.account(entry, 1);
    if (shuffles.isForgotten(output.shuffleId())) {
      // A late report; its object is deleted with the application's others.
      List<ObjectLocation> unused = forget(output.shuffleId());
      return;
    }
    mover.keepBounds();
  }

  /** Whether a map output was reported, so that {@link #forget} names its object, if any. */
  public boolean knows(int shuffleId, MapRef map) {
    return entry(shuffleId, map).isPresent();
  }

  /** Whether a map output was reported and has an object, so that this object can be lost. */
  public boolean hasObject(int shuffleId, MapRef map) {
    return entry(shuffleId, map).filter(KnownOutputs.Entry::hasObject).isPresent();
  }

  private Optional<KnownOutputs.Entry> entry(int shuffleId, MapRef map) {
    return shuffles.find(shuffleId).flatMap(known -> known.find(map));
  }

  /**
   * An index over the current content of this registry. No request; 2 GETs for each table that the
   * shuffle has in the store, 1 when its header is at hand.
   */
  public MapOutputIndex index(int shuffleId, int startPartition, int endPartition) {
    Optional<KnownOutputs> known = shuffles.find(shuffleId);
    List<String> moved = known.map(KnownOutputs::tables).orElse(List.of());
    MapOutputIndex inStore =
        moved.isEmpty()
            ? MapOutputIndex.unknown()
            : cache.index(
                shuffles.home(), shuffleId, moved, startPartition, endPartition, map -> true);
    List<MergedExtents> merged =
        known
            .map(outputs -> new MergedTables(outputs).extents(startPartition, endPartition))
            .orElse(List.of());
    MapOutputIndex inMemory =
        new MapOutputIndex() {
          @Override
          public Optional<MapSegments> segments(MapRef map) {
            return entry(shuffleId, map)
                .filter(entry -> entry.index().length > 0)
                .map(entry -> OutputRegistry.segments(entry, startPartition, endPartition));
          }

          @Override
          public List<MergedExtents> merged() {
            return merged;
          }
        };
    return MapOutputIndex.first(List.of(inMemory, inStore));
  }

  private static MapSegments segments(KnownOutputs.Entry entry, int start, int end) {
    try {
      return new MapSegments(MapOutputCodec.segments(entry.index(), start, end), entry.inline());
    } catch (ShuffleFormatException e) {
      throw new IllegalStateException(e); // we encoded it
    }
  }

  /**
   * An object that the readers of a shuffle get and nobody needs after it. No request.
   *
   * @param object {@link #forgetReaders} names it
   */
  public void storedForReaders(int shuffleId, ObjectLocation object) {
    shuffles.storedForReaders(shuffleId, object);
  }

  /**
   * Forgets what was stored for the readers of a shuffle.
   *
   * @return the objects, which are not needed any more
   */
  public List<ObjectLocation> forgetReaders(int shuffleId) {
    return shuffles.forgetReaders(shuffleId);
  }

  /**
   * Forgets a shuffle.
   *
   * @return the objects that its known outputs, tables and merges have, or may have, which are not
   *     needed any more
   */
  public List<ObjectLocation> forget(int shuffleId) {
    return shuffles.forget(shuffleId);
  }

  /** Forgets everything; see {@link #forget}. */
  public List<ObjectLocation> forgetAll() {
    return shuffles.forgetAll();
  }

  /** The facts of an exchange, for {@link ExchangePlan}. No request. */
  public ExchangeShape shape(int shuffleId, List<MapRef> winners, int tasks) {
    return new MergePlanner(shuffleId, shuffles.findOrEmpty(shuffleId)).shape(winners, tasks);
  }

  /**
   * The merges to carry out, once a shuffle: the second time none, unless {@link #mergesEnded} came
   * before any report; then once more, and reports of the first jobs are ignored from now on. Each
   * job is to be sent once; whether or not it is carried out, {@link #forget} names its object. No
   * request.
   *
   * @param winners the map outputs that Spark accepted, in the order of their map indexes
   * @return empty unless the plan is to combine
   */
  public List<MergeJob> planMerges(int shuffleId, List<MapRef> winners, ExchangePlan plan) {
    Optional<KnownOutputs> known = shuffles.find(shuffleId);
    if (known.isEmpty() || plan.kind() != ExchangePlan.Kind.COMBINED) {
      return List.of();
    }
    MergePlanner planner = new MergePlanner(shuffleId, known.get());
    return known.get().merges().plan(() -> planner.jobs(winners, plan));
  }

  /** No caller waits any longer for the jobs that {@link #planMerges} gave. No request. */
  public void mergesEnded(int shuffleId) {
    shuffles.find(shuffleId).ifPresent(known -> known.merges().ended());
  }

  /**
   * A merged object is stored; later tables name it. No request.
   *
   * @return an object to delete: its shuffle was forgotten meanwhile, and no list names it
   */
  public Optional<ObjectLocation> addMerged(MergeReport report) {
    Optional<KnownOutputs> known = shuffles.find(report.shuffleId());
    if (known.isEmpty()) {
      return Optional.of(
          shuffles.home().layout().mergedLocation(report.shuffleId(), report.nonce()));
    }
    known.get().merges().add(report);
    return Optional.empty();
  }
}
