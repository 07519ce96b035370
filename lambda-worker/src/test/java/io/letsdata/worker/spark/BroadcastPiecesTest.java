// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BroadcastPiecesTest {
  private static final int READ_AHEAD = 6;
  private static final int PIECES = 20;

  private final JavaSparkContext context =
      new JavaSparkContext(
          new SparkConf(false)
              .setMaster("local[1]")
              .setAppName("pieces")
              .set("spark.ui.enabled", "false")
              .set("spark.driver.host", "localhost")
              .set("spark.driver.bindAddress", "127.0.0.1"));
  private final ExecutorService readers = Executors.newFixedThreadPool(READ_AHEAD);
  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger atMost = new AtomicInteger();
  private final Map<String, Integer> reads = new ConcurrentHashMap<>();
  private final BroadcastPieces pieces =
      new BroadcastPieces(this::read, readers, context.env().blockManager());

  /** The store: nothing comes until it is open. */
  private byte[] read(String name) {
    reads.merge(name, 1, Integer::sum);
    atMost.accumulateAndGet(now.incrementAndGet(), Math::max);
    try {
      open.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      now.decrementAndGet();
    }
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] piece(int number) {
    try {
      return pieces.read("broadcast_4711_piece" + number);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterEach
  void stop() {
    readers.shutdownNow();
    context.stop();
  }

  @Test
  void sixPiecesAreReadAheadOfTheWantedOneAndEachPieceOnce() {
    CompletableFuture<byte[]> last = CompletableFuture.supplyAsync(() -> piece(PIECES - 1));

    await().atMost(Duration.ofMinutes(5)).until(() -> now.get() == READ_AHEAD + 1);
    open.countDown();
    List<byte[]> all = IntStream.range(0, PIECES).mapToObj(this::piece).toList();

    assertThat(last.join()).asString().isEqualTo("broadcast_4711_piece19");
    for (int i = 0; i < PIECES; i++) {
      assertThat(all.get(i)).asString().isEqualTo("broadcast_4711_piece" + i);
    }
    assertThat(atMost.get()).isEqualTo(READ_AHEAD + 1);
    // The last was read for a caller who keeps it himself.
    assertThat(reads).hasSize(PIECES).containsEntry("broadcast_4711_piece0", 1);
  }
}
