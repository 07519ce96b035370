// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapOutputCodec;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.format.Nonces;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.MapSegments;
import io.letsdata.shuffle.offsets.MergedExtents;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.OffsetsTableBuilder;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's memory of what every map attempt wrote, kept encoded: about 7 bytes for each
 * non-empty segment, and the segments themselves of small outputs. Both within {@link
 * DriverBounds}: beyond them, indexes move to tables in the store, and small outputs get the
 * objects that they had been spared. Thread-safe.
 *
 * <p>It remembers every run that reported, also those that Spark did not accept: they too must be
 * deleted one day. Which run counts is the caller's to say, from Spark's map statuses.
 */
public final class ShuffleOffsets {
  private static final Logger LOG = LoggerFactory.getLogger(ShuffleOffsets.class);

  /** Indexes that go into one table in the store, which has at most 2.5 times as much. */
  private static final long MOVED_BYTES = 16 << 20;

  private final Supplier<ShuffleHome> home;
  private final DriverBounds bounds;
  private final Map<Integer, KnownOutputs> shuffles = new ConcurrentHashMap<>();

  /** Spark never uses the id of a shuffle again. */
  private final Set<Integer> forgotten = ConcurrentHashMap.newKeySet();

  private final AtomicLong indexBytes = new AtomicLong();
  private final AtomicLong inlineBytes = new AtomicLong();
  private final ReentrantLock moving = new ReentrantLock();
  private final TableCache tables;

  /**
   * Knows nothing yet.
   *
   * @param home asked when the store is first needed: Spark makes shuffle managers before the
   *     application has its id
   */
  public ShuffleOffsets(Supplier<ShuffleHome> home, DriverBounds bounds) {
    this(home, bounds, new TableCache());
  }

  /** As above; {@code tables} reads what has been moved to the store. */
  public ShuffleOffsets(Supplier<ShuffleHome> home, DriverBounds bounds, TableCache tables) {
    this.home = home;
    this.bounds = bounds;
    this.tables = tables;
  }

  /** The bounds that it keeps. */
  public DriverBounds bounds() {
    return bounds;
  }

  /** Bytes of indexes and segments in memory; a few dozen bytes an output come on top. */
  public long retainedBytes() {
    return indexBytes.get() + inlineBytes.get();
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
    if (inline != null && inlineBytes.get() + inline.length + index.length > bounds.inlineBytes()) {
      store(output, inline);
      inline = null;
    }
    KnownOutputs.Entry entry =
        new KnownOutputs.Entry(
            index,
            inline,
            null,
            inline == null ? output.totalBytes() : 0,
            (int) Arrays.stream(output.lengths()).filter(length -> length > 0).count());
    KnownOutputs known = shuffles.computeIfAbsent(output.shuffleId(), id -> new KnownOutputs());
    Optional<KnownOutputs.Entry> before = known.put(output.ref(), entry);
    if (before.isEmpty() && inline == null) {
      known.measure(output);
    }
    before.ifPresent(old -> account(old, -1));
    account(entry, 1);
    if (forgotten.contains(output.shuffleId())) {
      // A straggler's answer; its object goes with the application's others.
      List<ObjectLocation> unused = forget(output.shuffleId());
      return;
    }
    if (indexBytes.get() > bounds.indexBytes()) {
      move();
    }
  }

  private void account(KnownOutputs.Entry entry, int sign) {
    indexBytes.addAndGet((long) sign * entry.movableBytes());
    inlineBytes.addAndGet((long) sign * entry.inlineBytes());
  }

  /** The object that its map task would have stored. */
  private void store(MapOutput output, byte[] segments) throws IOException {
    byte[] tail = MapObject.tail(output);
    ObjectLocation object = home.get().layout().dataLocation(output.shuffleId(), output.ref());
    home.get()
        .store()
        .put(
            object,
            new ObjectContent() {
              @Override
              public long lengthBytes() {
                return segments.length + (long) tail.length;
              }

              @Override
              public InputStream open() {
                return new SequenceInputStream(
                    new ByteArrayInputStream(segments), new ByteArrayInputStream(tail));
              }
            });
  }

  /**
   * One thread moves; others go on meanwhile, up to twice the bound, and then wait for it: the
   * driver's work is to hear of outputs, and a PUT of 16 MiB takes its time.
   */
  private void move() {
    if (!moving.tryLock()) {
      if (indexBytes.get() <= 2 * bounds.indexBytes()) {
        return;
      }
      moving.lock();
    }
    try {
      while (indexBytes.get() > bounds.indexBytes() / 2) {
        Integer largest = null;
        long most = 0;
        for (Map.Entry<Integer, KnownOutputs> shuffle : shuffles.entrySet()) {
          long bytes = shuffle.getValue().movableBytes();
          if (bytes > most) {
            most = bytes;
            largest = shuffle.getKey();
          }
        }
        if (largest == null || !moveSome(largest)) {
          return;
        }
      }
    } finally {
      moving.unlock();
    }
  }

  private boolean moveSome(int shuffleId) {
    KnownOutputs known = shuffles.getOrDefault(shuffleId, new KnownOutputs());
    Map<MapRef, byte[]> chosen = known.movable(Math.min(MOVED_BYTES, bounds.indexBytes()));
    if (chosen.isEmpty()) {
      return false;
    }
    Optional<String> table = Optional.empty();
    try {
      OffsetsTableBuilder builder = new OffsetsTableBuilder(shuffleId, List.of());
      for (Map.Entry<MapRef, byte[]> output : chosen.entrySet()) {
        builder.add(output.getKey(), output.getValue(), null);
      }
      String nonce = Nonces.next();
      home.get()
          .store()
          .put(
              home.get().layout().tableLocation(shuffleId, nonce),
              ObjectContent.of(builder.build()));
      table = Optional.of(nonce);
    } catch (IOException e) {
      LOG.warn("Cannot store offsets of shuffle {}: its readers will read footers", shuffleId, e);
    }
    indexBytes.addAndGet(-known.moved(chosen.keySet(), table));
    if (table.isPresent()) {
      deleteIfForgotten(shuffleId, home.get().layout().tableLocation(shuffleId, table.get()));
    }
    return true;
  }

  /**
   * For a table just stored and entered: {@link #forget} may have come between, and names it then
   * or not.
   */
  private void deleteIfForgotten(int shuffleId, ObjectLocation table) {
    if (forgotten.contains(shuffleId)) {
      List<ObjectLocation> unused = forget(shuffleId); // what a straggler may have entered
      try {
        home.get().store().delete(List.of(table));
      } catch (IOException e) {
        LOG.warn("Left {} of a forgotten shuffle to clean-up", table, e);
      }
    }
  }

  /** Whether a run has reported, so that {@link #forget} names its object, if it has one. */
  public boolean knows(int shuffleId, MapRef map) {
    return entry(shuffleId, map).isPresent();
  }

  private Optional<KnownOutputs.Entry> entry(int shuffleId, MapRef map) {
    return Optional.ofNullable(shuffles.get(shuffleId)).flatMap(known -> known.find(map));
  }

  /**
   * An index over this registry as it is whenever it is asked. No request; 2 GETs for each table
   * that the shuffle has in the store, 1 when its header is at hand.
   */
  public MapOutputIndex index(int shuffleId, int startPartition, int endPartition) {
    KnownOutputs known = shuffles.get(shuffleId);
    List<String> moved = known == null ? List.of() : known.tables();
    MapOutputIndex elsewhere =
        moved.isEmpty()
            ? MapOutputIndex.unknown()
            : tables.index(home.get(), shuffleId, moved, startPartition, endPartition, map -> true);
    List<MergedExtents> merged =
        known == null ? List.of() : new MergedTables(known).runs(startPartition, endPartition);
    MapOutputIndex here =
        new MapOutputIndex() {
          @Override
          public Optional<MapSegments> segments(MapRef map) {
            return entry(shuffleId, map)
                .filter(entry -> entry.index().length > 0)
                .map(entry -> ShuffleOffsets.segments(entry, startPartition, endPartition));
          }

          @Override
          public List<MergedExtents> merged() {
            return merged;
          }
        };
    return MapOutputIndex.first(List.of(here, elsewhere));
  }

  private static MapSegments segments(KnownOutputs.Entry entry, int start, int end) {
    try {
      return new MapSegments(MapOutputCodec.segments(entry.index(), start, end), entry.inline());
    } catch (ShuffleFormatException e) {
      throw new IllegalStateException(e); // we encoded it
    }
  }

  /**
   * Forgets a shuffle.
   *
   * @return the objects that its known outputs and merges have, or may have, which nobody needs
   *     anymore
   */
  public List<ObjectLocation> forget(int shuffleId) {
    forgotten.add(shuffleId);
    KnownOutputs known = shuffles.remove(shuffleId);
    List<ObjectLocation> objects = new ArrayList<>();
    if (known != null) {
      ShuffleLayout layout = home.get().layout();
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

  /** Forgets everything; see {@link #forget}. */
  public List<ObjectLocation> forgetAll() {
    List<ObjectLocation> objects = new ArrayList<>();
    for (Integer shuffleId : shuffles.keySet()) {
      objects.addAll(forget(shuffleId));
    }
    return objects;
  }

  /**
   * The table from which reduce tasks read exact offsets, and the segments of small outputs:
   * SPEC.md section 5. Time grows with maps times partitions. No request; when the indexes are
   * above 16 MiB they move to the store first, 1 PUT for each 16 MiB.
   *
   * @param winners the runs that Spark accepted. One that never reported here is marked as unknown,
   *     and readers then ask its object's footer
   * @return bytes for {@link OffsetsTable}
   */
  public byte[] table(int shuffleId, List<MapRef> winners) {
    KnownOutputs known = shuffles.getOrDefault(shuffleId, new KnownOutputs());
    moving.lock();
    try {
      while (known.movableBytes() > MOVED_BYTES && moveSome(shuffleId)) {
        LOG.debug("Moved offsets of shuffle {} to the store", shuffleId);
      }
    } finally {
      moving.unlock();
    }
    return new MergedTables(known).table(shuffleId, winners);
  }

  /**
   * As {@link #table}, for when that cannot be stored: without the segments that objects' footers
   * tell, about 25 bytes for each of their outputs; with those of small outputs, which nobody else
   * has. No request.
   */
  public byte[] tableWithFooters(int shuffleId, List<MapRef> winners) {
    return new MergedTables(shuffles.getOrDefault(shuffleId, new KnownOutputs()))
        .tableWithFooters(shuffleId, winners);
  }

  /** What is known of an exchange. No request. */
  public ExchangeShape shape(int shuffleId, List<MapRef> winners, int tasks) {
    return new MergePlanner(shuffleId, shuffles.getOrDefault(shuffleId, new KnownOutputs()))
        .shape(winners, tasks);
  }

  /**
   * What to merge, once a shuffle: the second time nothing, unless {@link #mergesEnded} came before
   * any report; then once more, and reports of the first jobs are ignored from now on. Each job is
   * to be sent once; whether it is carried out, {@link #forget} names its object. No request.
   *
   * @param winners the runs that Spark accepted, in the order of their map indexes
   * @return empty unless the plan is to combine
   */
  public List<MergeJob> planMerges(int shuffleId, List<MapRef> winners, ExchangePlan plan) {
    KnownOutputs known = shuffles.get(shuffleId);
    if (known == null || plan.kind() != ExchangePlan.Kind.COMBINED) {
      return List.of();
    }
    MergePlanner planner = new MergePlanner(shuffleId, known);
    return known.merges().plan(() -> planner.jobs(winners, plan));
  }

  /** Nobody waits any longer for what {@link #planMerges} gave. No request. */
  public void mergesEnded(int shuffleId) {
    KnownOutputs known = shuffles.get(shuffleId);
    if (known != null) {
      known.merges().ended();
    }
  }

  /**
   * A merged object is stored; later tables name it. No request.
   *
   * @return an object to delete: its shuffle was forgotten meanwhile, nobody names it
   */
  public Optional<ObjectLocation> addMerged(MergeReport report) {
    KnownOutputs known = shuffles.get(report.shuffleId());
    if (known == null) {
      return Optional.of(home.get().layout().mergedLocation(report.shuffleId(), report.nonce()));
    }
    known.merges().add(report);
    return Optional.empty();
  }

  /**
   * Stores a table for readers that fetch it themselves; {@link #forget} names it. One PUT.
   *
   * @return where it is
   */
  public ObjectLocation publish(int shuffleId, byte[] table) throws IOException {
    String nonce = Nonces.next();
    ObjectLocation location = home.get().layout().tableLocation(shuffleId, nonce);
    home.get().store().put(location, ObjectContent.of(table));
    shuffles.computeIfAbsent(shuffleId, id -> new KnownOutputs()).addTable(nonce);
    deleteIfForgotten(shuffleId, location);
    return location;
  }
}
