// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Nonces;
import io.letsdata.shuffle.offsets.OffsetsTableBuilder;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the driver's memory of map outputs within {@link DriverBounds}: moves indexes to tables in
 * the store, and stores small outputs that find no room. Thread-safe.
 */
final class OffsetsMover {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetsMover.class);

  /** Indexes that go into one table in the store, which has at most 2.5 times as many bytes. */
  private static final long MOVED_BYTES = 16 << 20;

  private final KnownShuffles shuffles;
  private final DriverBounds bounds;
  private final ReentrantLock moving = new ReentrantLock();

  OffsetsMover(KnownShuffles shuffles, DriverBounds bounds) {
    this.shuffles = shuffles;
    this.bounds = bounds;
  }

  /** Stores the object that the map task of a small output would have stored. One PUT. */
  void store(MapOutput output, byte[] segments) throws IOException {
    byte[] tail = MapObject.tail(output);
    var home = shuffles.home();
    ObjectLocation object = home.layout().dataLocation(output.shuffleId(), output.ref());
    home.store()
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
   * Moves indexes until half of the bound is free, if they are above it. One PUT for each 16 MiB.
   *
   * <p>One thread moves; others continue meanwhile, up to twice the bound, and then wait for it: a
   * PUT of 16 MiB takes its time, and reports of map outputs must not wait for it.
   */
  void keepBounds() {
    if (shuffles.indexBytes() <= bounds.indexBytes()) {
      return;
    }
    if (!moving.tryLock()) {
      if (shuffles.indexBytes() <= 2 * bounds.indexBytes()) {
        return;
      }
      moving.lock();
    }
    try {
      while (shuffles.indexBytes() > bounds.indexBytes() / 2) {
        Optional<Integer> largest = shuffles.largestMovable();
        if (largest.isEmpty() || !moveSome(largest.get())) {
          return;
        }
      }
    } finally {
      moving.unlock();
    }
  }

  /** Moves indexes of one shuffle until at most 16 MiB of them are in memory. */
  void shrink(int shuffleId, KnownOutputs known) {
    moving.lock();
    try {
      while (known.movableBytes() > MOVED_BYTES && moveSome(shuffleId)) {
        LOG.debug("Moved offsets of shuffle {} to the store", shuffleId);
      }
    } finally {
      moving.unlock();
    }
  }

  private boolean moveSome(int shuffleId) {
    KnownOutputs known = shuffles.findOrEmpty(shuffleId);
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
      var home = shuffles.home();
      home.store()
          .put(home.layout().tableLocation(shuffleId, nonce), ObjectContent.of(builder.build()));
      table = Optional.of(nonce);
    } catch (IOException e) {
      LOG.warn("Cannot store offsets of shuffle {}: its readers will read footers", shuffleId, e);
    }
    shuffles.moved(known.moved(chosen.keySet(), table));
    if (table.isPresent()) {
      deleteIfForgotten(shuffleId, shuffles.home().layout().tableLocation(shuffleId, table.get()));
    }
    return true;
  }

  /**
   * Deletes a table that was stored while its shuffle was forgotten: the list that {@link
   * OutputRegistry#forget} returned may not name it. At most one DELETE.
   */
  void deleteIfForgotten(int shuffleId, ObjectLocation table) {
    if (shuffles.isForgotten(shuffleId)) {
      List<ObjectLocation> unused = shuffles.forget(shuffleId); // entries of late reports
      try {
        shuffles.home().store().delete(List.of(table));
      } catch (IOException e) {
        LOG.warn("Left {} of a forgotten shuffle to clean-up", table, e);
      }
    }
  }
}
