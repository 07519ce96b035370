// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.request.Hedging;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts that go up behind their writer's back, and PUTs that are late. */
@Timeout(600)
final class BackgroundUploadTest {
  private static final int PART = MapOutputUpload.MIN_PART_BYTES;
  private static final MapRef MAP = new MapRef(3, "n");

  private final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  private final ProbedStore store = new ProbedStore(memory);
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Hedging hedging = new Hedging(0.1);

  @AfterEach
  void stop() {
    executor.shutdownNow();
    hedging.close();
  }

  @Test
  void writerFillsTheNextPartWhileOneGoesUpAndWaitsForTheSecond() throws Exception {
    CountDownLatch twoGoUp = new CountDownLatch(2);
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger written = new AtomicInteger();
    store.beforeWrites(
        location -> {
          twoGoUp.countDown();
          await(released);
        });
    MapOutputUpload upload = upload(() -> {});
    byte[] data = random(5 * PART);

    var writer =
        executor.submit(
            () -> {
              try (OutputStream out = upload.segment(0)) {
                for (int from = 0; from < data.length; from += PART / 5) {
                  out.write(data, from, PART / 5);
                  written.addAndGet(PART / 5);
                }
              }
              return upload.commit().output();
            });
    await(twoGoUp);
    // Two parts are all the memory there is: not a byte of the third is taken before one has gone.
    assertThat(written).hasValue(2 * PART);
    released.countDown();

    MapOutput output = writer.get(5, TimeUnit.MINUTES);
    assertThat(store.parts).hasValue(5);
    byte[] stored = memory.read(upload.object());
    assertThat(Arrays.equals(stored, 0, data.length, data, 0, data.length)).isTrue();
    assertThat(MapObject.parse(stored, stored.length, output.lengths().length)).isEqualTo(output);
  }

  @Test
  void partThatFailsFailsTheWriterAndNothingIsVisible() throws IOException {
    store.beforeWrites(
        location -> {
          throw new IOException("no room");
        });
    MapOutputUpload upload = upload(() -> {});
    byte[] data = random(4 * PART);

    assertThatThrownBy(
            () -> {
              upload.segment(0).write(data);
              upload.commit();
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no room");
    upload.abort();

    assertThat(memory.keys("test")).isEmpty();
    assertThat(memory.pendingUploads()).isZero();
  }

  @Test
  void killedWriterStopsWaitingAndTheLastRequestCleansUp() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    AtomicBoolean killed = new AtomicBoolean();
    store.beforeWrites(
        location -> {
          killed.set(true);
          await(released);
        });
    MapOutputUpload upload =
        upload(
            () -> {
              if (killed.get()) {
                throw new IllegalStateException("killed");
              }
            });
    byte[] data = random(4 * PART);

    assertThatThrownBy(() -> upload.segment(0).write(data)).hasMessage("killed");
    upload.abort();
    assertThat(memory.pendingUploads()).isOne(); // the requests hang, nobody waits for them
    released.countDown();

    Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> memory.pendingUploads() == 0);
    assertThat(memory.keys("test")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.1, 1000", "0, 1000", "0, 15000000"})
  void killedWriterWaitsForNoRequestThatCarriesBytes(double share, int size) throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger sent = new AtomicInteger();
    AtomicBoolean killed = new AtomicBoolean();
    int lastRequest = size / PART; // of parts; a single PUT is the first
    store.beforeWrites(
        location -> {
          if (sent.getAndIncrement() == lastRequest) {
            killed.set(true);
            await(released);
          }
        });
    try (Hedging ignorant = new Hedging(share)) {
      Runnable whileWaiting =
          () -> {
            if (killed.get()) {
              throw new IllegalStateException("killed");
            }
          };
      MapOutputUpload upload =
          new MapOutputUpload(
              new PartSender(store, executor, ignorant, whileWaiting),
              Samples.LAYOUT,
              0,
              MAP,
              1,
              PART,
              0);
      upload.segment(0).write(random(size));

      assertThatThrownBy(upload::commit).hasMessage("killed");
      upload.abort();
    }

    released.countDown();
    executor.shutdown();
    assertThat(executor.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
    assertThat(memory.keys("test")).isEmpty();
    assertThat(memory.pendingUploads()).isZero();
  }

  @Test
  void killedWriterStopsReadingItsSpill(@TempDir Path folder) throws Exception {
    Path spill = Files.write(folder.resolve("spill"), random(1_000_000));
    AtomicInteger polls = new AtomicInteger();
    MapOutputUpload upload =
        upload(
            () -> {
              if (polls.incrementAndGet() == 3) {
                throw new IllegalStateException("killed");
              }
            });

    assertThatThrownBy(() -> upload.commitFile(spill, new long[] {1_000_000}, Samples.SEAL))
        .hasMessage("killed");
    assertThat(store.all()).isZero();
  }

  @Test
  void partsOfASpillGoUpFourAtOnce(@TempDir Path folder) throws Exception {
    CountDownLatch fourGoUp = new CountDownLatch(4);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger now = new AtomicInteger();
    store.beforeWrites(
        location -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          fourGoUp.countDown();
          await(fourGoUp);
          now.decrementAndGet();
        });
    byte[] data = random(14 * PART - (64 << 10)); // with its codes below seven parts
    Path spill = Files.write(folder.resolve("spill"), data);
    MapOutputUpload upload = upload(() -> {});

    MapOutput output = upload.commitFile(spill, new long[] {data.length}, Samples.SEAL).output();

    assertThat(store.parts).hasValue(7);
    assertThat(most.get()).isBetween(4, 5); // the last, which waits for no other, may come on top
    byte[] stored = memory.read(upload.object());
    byte[] sealed = Samples.sealed(MAP, 0, data);
    assertThat(Arrays.equals(stored, 0, sealed.length, sealed, 0, sealed.length)).isTrue();
    assertThat(MapObject.parse(stored, stored.length, output.lengths().length)).isEqualTo(output);
  }

  @Test
  void latePutIsSentOnceMoreAndBothStoreTheSame() throws Exception {
    learnFastPuts();
    CountDownLatch released = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    store.beforeWrites(
        location -> {
          if (first.getAndSet(false)) {
            await(released);
          }
        });
    MapOutputUpload upload = upload(() -> {});
    byte[] data = random(1_000);

    upload.segment(0).write(data);
    MapOutput output = upload.commit().output();

    assertThat(store.puts).hasValue(2);
    assertThat(hedging.hedges()).isOne();
    byte[] stored = memory.read(upload.object());
    released.countDown();
    executor.shutdown();
    assertThat(executor.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
    // The one that was late has been broken off, or has stored the same.
    assertThat(memory.read(upload.object())).isEqualTo(stored);
    assertThat(MapObject.parse(stored, stored.length, output.lengths().length)).isEqualTo(output);
  }

  @Test
  void putThatFailsTwiceIsAFailure() throws IOException {
    learnFastPuts();
    CountDownLatch both = new CountDownLatch(2);
    store.beforeWrites(
        location -> {
          both.countDown();
          await(both);
          throw new IOException("refused");
        });
    MapOutputUpload upload = upload(() -> {});
    upload.segment(0).write(random(1_000));

    assertThatThrownBy(upload::commit).hasMessage("refused");
    assertThat(memory.keys("test")).isEmpty();
  }

  private void learnFastPuts() {
    for (int i = 0; i < 64; i++) {
      hedging.completed(Hedging.Kind.PUT, 1_000, 1_000_000);
    }
  }

  private MapOutputUpload upload(Runnable whileWaiting) {
    PartSender sender = new PartSender(store, executor, hedging, whileWaiting);
    return new MapOutputUpload(sender, Samples.LAYOUT, 0, MAP, 1, PART, 0);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(5, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static byte[] random(int size) {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }
}
