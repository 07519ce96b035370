// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.benchmarks.wire.DelayProxy;
import io.letsdata.benchmarks.wire.Throttle;
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
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32C;

/**
 * How much of a function's network one reduce task gets: the shuffle's own fetcher over HTTP to the
 * local S3 server, behind a proxy that answers after 20 ms and carries 78 MB/s (625 Mbps), for
 * blocks of several lengths. With as many GETs at once as the limits' rule gives, and never more
 * than its lower number, in turn. Prints Markdown.
 */
public final class FetchBench {
  private static final double NETWORK_BYTES_A_SECOND = 78e6;
  private static final long LATENCY_NANOS = 20_000_000;
  private static final FetchLimits LIMITS = FetchLimits.of(8, 48 << 20);
  private static final List<Integer> KILOBYTES = List.of(16, 64, 256, 1024, 8192);

  /** About as many bytes for each length, so that a turn takes seconds. */
  private static final int TURN_BYTES = 64 << 20;

  private final ObjectStore store;
  private final byte[] bytes = new byte[16 << 20];
  private final ObjectLocation object =
      ObjectLocation.parse("s3://" + ShuffleBench.BUCKET + "/fetch");

  private FetchBench(ObjectStore store) throws IOException {
    this.store = store;
    new SplittableRandom(1).nextBytes(bytes);
    String unused = store.put(object, ObjectContent.of(bytes));
  }

  /**
   * Runs all; about two minutes.
   *
   * @param args root of the built project; rounds, default 5
   */
  public static void main(String[] args) throws IOException {
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Path dist = Path.of(args[0]).resolve("local-cloud/target/dist");
    Throttle network = new Throttle(NETWORK_BYTES_A_SECOND);
    ExecutorService few = Executors.newFixedThreadPool(LIMITS.requests());
    ExecutorService many = Executors.newCachedThreadPool();
    try (LocalCloud cloud = LocalCloud.start(LocalCloudOptions.of(dist));
        DelayProxy proxy = DelayProxy.start(cloud.s3Endpoint(), () -> LATENCY_NANOS, network);
        ObjectStore store =
            S3ObjectStore.create(
                StoreSettings.localStack(proxy.endpoint(), cloud.credentialsFile()),
                new RequestMeter())) {
      ShuffleBench.createBucket(cloud);
      StoreWarmUp.run(
          StoreSettings.localStack(cloud.s3Endpoint(), cloud.credentialsFile()),
          ShuffleBench.BUCKET);
      FetchBench bench = new FetchBench(store);
      Map<Integer, List<Double>> fixed = new LinkedHashMap<>();
      Map<Integer, List<Double>> adapted = new LinkedHashMap<>();
      for (int round = -1; round < rounds; round++) { // the first is warm-up
        for (int kilobytes : KILOBYTES) {
          double plain = bench.megabytesPerSecond(kilobytes, few);
          double grown = bench.megabytesPerSecond(kilobytes, many);
          if (round >= 0) {
            fixed.computeIfAbsent(kilobytes, k -> new ArrayList<>()).add(plain);
            adapted.computeIfAbsent(kilobytes, k -> new ArrayList<>()).add(grown);
          }
        }
      }
      print(fixed, adapted);
    } finally {
      few.shutdownNow();
      many.shutdownNow();
    }
  }

  private double megabytesPerSecond(int kilobytes, ExecutorService executor) throws IOException {
    int length = kilobytes << 10;
    List<FetchPlan.Request> plan = plan(length, Math.min(2_000, TURN_BYTES / length));
    byte[] target = new byte[64 << 10];
    long read = 0;
    long since = System.nanoTime();
    try (Hedging none = new Hedging(0);
        SegmentFetcher fetcher =
            new SegmentFetcher(store, plan, LIMITS, executor, none, () -> {})) {
      while (fetcher.hasNext()) {
        InputStream body = fetcher.next().body();
        for (int count = body.read(target); count >= 0; count = body.read(target)) {
          read += count;
        }
      }
    }
    return read / 1e6 / ((System.nanoTime() - since) / 1e9);
  }

  /** As many blocks, each of another map output: nothing to be read together. */
  private List<FetchPlan.Request> plan(int length, int blocks) {
    List<FetchPlan.Wanted> wanted = new ArrayList<>();
    int places = bytes.length / length;
    for (int i = 0; i < blocks; i++) {
      int start = i % places * length;
      CRC32C crc = new CRC32C();
      crc.update(bytes, start, length);
      wanted.add(
          new FetchPlan.Wanted(
              new MapRef(i, "fetch"),
              i,
              object,
              List.of(new Segment(0, start, length, (int) crc.getValue()))));
    }
    return FetchPlan.plan(wanted, 0, LIMITS.requestBytes());
  }

  private static void print(Map<Integer, List<Double>> fixed, Map<Integer, List<Double>> adapted) {
    System.out.println("| blocks, KB | 8 GETs at once, MB/s | as the rule gives, MB/s | rounds |");
    System.out.println("|--:|--:|--:|--:|");
    fixed.forEach(
        (kilobytes, plain) ->
            System.out.printf(
                Locale.ROOT,
                "| %d | %s | %s | %d |%n",
                kilobytes,
                middle(plain),
                middle(adapted.getOrDefault(kilobytes, List.of())),
                plain.size()));
    System.out.println();
  }

  private static String middle(List<Double> values) {
    Spread spread = Spread.of(values);
    return String.format(
        Locale.ROOT, "%.1f (%.1f to %.1f)", spread.median(), spread.min(), spread.max());
  }
}
