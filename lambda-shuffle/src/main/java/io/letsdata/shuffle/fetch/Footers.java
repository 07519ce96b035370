// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.request.Interruptibly;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Reads many footers at once. Used once, by one thread; its background work ends with it, or soon
 * after a failure.
 */
@Internal
public final class Footers {
  /**
   * A footer to read.
   *
   * @param partition named when the footer cannot be read
   */
  public record Item(MapRef map, int mapIndex, int partition) {}

  private final FooterReader reader;
  private final int shuffleId;
  private final List<Item> items;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicReferenceArray<MapOutput> outputs;

  public Footers(FooterReader reader, int shuffleId, List<Item> items) {
    this.reader = reader;
    this.shuffleId = shuffleId;
    this.items = items;
    this.outputs = new AtomicReferenceArray<>(items.size());
  }

  /**
   * Reads all, {@code atOnce} at a time: 1 GET each, 2 where an index is above 64 KiB.
   *
   * @param whileWaiting called about ten times a second; may throw to give up
   * @return in the order of the items
   */
  public List<MapOutput> readAll(Executor executor, int atOnce, Runnable whileWaiting)
      throws IOException {
    int workers = Math.min(atOnce, items.size());
    CountDownLatch running = new CountDownLatch(workers);
    for (int i = 0; i < workers; i++) {
      executor.execute(() -> work(running));
    }
    try {
      Interruptibly.awaitTrue(
          "read shuffle footers",
          whileWaiting,
          millis -> running.await(millis, TimeUnit.MILLISECONDS));
    } finally {
      next.set(items.size());
    }
    rethrow(failure.get());
    return java.util.stream.IntStream.range(0, items.size()).mapToObj(outputs::get).toList();
  }

  private void work(CountDownLatch running) {
    try {
      for (int i = next.getAndIncrement(); i < items.size() && i >= 0; i = next.getAndIncrement()) {
        Item item = items.get(i);
        outputs.set(i, reader.read(shuffleId, item.map(), item.mapIndex(), item.partition()));
      }
    } catch (Throwable t) { // handed to the caller, which rethrows it
      failure.compareAndSet(null, t);
      next.set(items.size());
    } finally {
      running.countDown();
    }
  }

  private static void rethrow(@org.jspecify.annotations.Nullable Throwable failed)
      throws IOException {
    if (failed instanceof IOException io) {
      throw io;
    } else if (failed instanceof RuntimeException runtime) {
      throw runtime;
    } else if (failed instanceof Error error) {
      throw error;
    }
  }
}
