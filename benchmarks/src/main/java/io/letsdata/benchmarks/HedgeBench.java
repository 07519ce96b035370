// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.benchmarks.wire.DelayProxy;
import io.letsdata.local.LocalCloud;
import io.letsdata.local.LocalCloudOptions;
import io.letsdata.shuffle.fetch.FetchLimits;
import io.letsdata.shuffle.fetch.FetchPlan;
import io.letsdata.shuffle.fetch.SegmentFetcher;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.S3ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

/**
 * The effect of hedging on the tail of 256 KB GETs: the shuffle's own fetcher over HTTP to the
 * local S3 server, behind a proxy whose delays have the tail published for S3. With and without, in
 * turn, in one program. Prints Markdown.
 */
public final class HedgeBench {
  private static final int BYTES = 256 << 10;
  private static final int SEGMENTS = 64;
  private static final int THREADS = 8;
  private static final int GETS_A_TURN = 4_000;
  private static final FetchLimits LIMITS = FetchLimits.of(8, 48 << 20);

  private final ObjectStore store;
  private final DelayProxy proxy;
  private final ExecutorService readers;
  private final ExecutorService fetchers;
  private final List<FetchPlan.Request> requests;

  private HedgeBench(
      ObjectStore store, DelayProxy proxy, ExecutorService readers, ExecutorService fetchers)
      throws IOException {
    this.store = store;
    this.proxy = proxy;
    this.readers = readers;
    this.fetchers = fetchers;
    this.requests = storeSegments(store);
  }

  /**
   * Runs all; with 100,000 GETs about five minutes.
   *
   * @param args root of the built project; GETs, half of them hedged, default 100,000
   */
  public static void main(String[] args) throws Exception {
    int turns = (args.length > 1 ? Integer.parseInt(args[1]) : 100_000) / GETS_A_TURN / 2;
    Path dist = Path.of(args[0]).resolve("local-cloud/target/dist");
    ExecutorService readers = Executors.newFixedThreadPool(THREADS);
    ExecutorService fetchers = Executors.newCachedThreadPool();
    try (LocalCloud cloud = LocalCloud.start(LocalCloudOptions.of(dist));
        DelayProxy proxy = DelayProxy.start(cloud.s3Endpoint(), HedgeBench::delayNanos);
        ObjectStore store =
            S3ObjectStore.create(
                StoreSettings.localStack(proxy.endpoint(), cloud.credentialsFile()),
                new RequestMeter());
        Hedging off = new Hedging(0);
        Hedging on = new Hedging(0.01)) {
      ShuffleBench.createBucket(cloud);
      HedgeBench bench = new HedgeBench(store, proxy, readers, fetchers);
      Tail unused = bench.turn(off); // warm-up
      Tail plain = new Tail();
      Tail hedged = new Tail();
      for (int turn = 0; turn < turns; turn++) {
        plain.add(bench.turn(off));
        hedged.add(bench.turn(on));
      }
      print(plain, hedged);
    } finally {
      readers.shutdownNow();
      fetchers.shutdownNow();
    }
  }

  /**
   * About 14 ms, and one in three hundred ten to a hundred times that, as published for S3 and this
   * size; HedgingTest draws the same.
   */
  private static long delayNanos() {
    Random random = ThreadLocalRandom.current();
    double usual = 14e6 * Math.exp(0.25 * random.nextGaussian());
    return (long) (random.nextInt(300) == 0 ? usual * (10 + 90 * random.nextDouble()) : usual);
  }

  private static List<FetchPlan.Request> storeSegments(ObjectStore store) throws IOException {
    byte[] bytes = new byte[SEGMENTS * BYTES];
    new SplittableRandom(1).nextBytes(bytes);
    ObjectLocation object = ObjectLocation.parse("s3://" + ShuffleBench.BUCKET + "/hedge");
    String unused = store.put(object, ObjectContent.of(bytes));
    List<FetchPlan.Request> requests = new ArrayList<>();
    for (int i = 0; i < SEGMENTS; i++) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, i * BYTES, BYTES);
      Segment segment = new Segment(i, (long) i * BYTES, BYTES, (int) crc.getValue());
      FetchPlan.Wanted wanted =
          new FetchPlan.Wanted(new MapRef(0, "hedge"), 0, object, List.of(segment));
      requests.addAll(FetchPlan.plan(List.of(wanted), 0, BYTES));
    }
    return requests;
  }

  private Tail turn(Hedging hedging) throws InterruptedException, ExecutionException {
    long before = proxy.requests();
    List<Future<long[]>> readings = new ArrayList<>();
    for (int reader = 0; reader < THREADS; reader++) {
      int first = reader;
      readings.add(readers.submit(() -> read(hedging, first)));
    }
    Tail tail = new Tail();
    for (Future<long[]> reading : readings) {
      tail.add(reading.get());
    }
    tail.requests += proxy.requests() - before;
    return tail;
  }

  private long[] read(Hedging hedging, int first) throws IOException {
    long[] nanos = new long[GETS_A_TURN / THREADS];
    for (int i = 0; i < nanos.length; i++) {
      FetchPlan.Request request = requests.get((first * 7 + i) % SEGMENTS);
      long since = System.nanoTime();
      try (SegmentFetcher fetcher =
          new SegmentFetcher(store, List.of(request), LIMITS, fetchers, hedging, () -> {})) {
        SegmentFetcher.Fetched unused = fetcher.next();
        nanos[i] = System.nanoTime() - since;
      }
    }
    return nanos;
  }

  private static void print(Tail plain, Tail hedged) {
    System.out.println(
        "| 256 KB GETs | GETs | requests | p50, ms | p99 | p99.9 | p99.99 | largest |");
    System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|");
    plain.row("as they come");
    hedged.row("hedged, share 0.01");
    System.out.printf(
        Locale.ROOT,
        "%np99.99: %.1f times less, for %.2f %% more requests%n%n",
        plain.millis(0.9999) / hedged.millis(0.9999),
        100.0 * (hedged.requests - hedged.gets()) / hedged.gets());
  }

  /** Durations of GETs, and the requests that they took. */
  private static final class Tail {
    private final List<long[]> parts = new ArrayList<>();
    private long requests;

    void add(long[] nanos) {
      parts.add(nanos);
    }

    void add(Tail other) {
      parts.addAll(other.parts);
      requests += other.requests;
    }

    long gets() {
      return parts.stream().mapToLong(part -> part.length).sum();
    }

    double millis(double quantile) {
      long[] sorted = parts.stream().flatMapToLong(Arrays::stream).sorted().toArray();
      return sorted[Math.min(sorted.length - 1, (int) (sorted.length * quantile))] / 1e6;
    }

    void row(String title) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %,d | %,d | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
          title,
          gets(),
          requests,
          millis(0.5),
          millis(0.99),
          millis(0.999),
          millis(0.9999),
          millis(1));
    }
  }
}
