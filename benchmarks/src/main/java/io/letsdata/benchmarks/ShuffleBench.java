// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.benchmarks.wire.DelayProxy;
import io.letsdata.fixtures.http.HttpRelay;
import io.letsdata.local.LocalCloud;
import io.letsdata.local.LocalCloudOptions;
import io.letsdata.protocol.RunOptions;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * Our shuffle over the local S3 server beside Spark's own over the local disk, on {@code local[n]}:
 * both in one warm JVM, in turn, several times. {@code local} rather than {@code local-cluster},
 * because there all tasks, of either shuffle, run on code that is compiled already. Prints
 * Markdown.
 */
public final class ShuffleBench {
  static final String BUCKET = "shuffle-bench";
  private static final int WARM_UP_ROUNDS = 3;

  private final Map<ShuffleCase, ShuffleJob.Arrived> expected = new HashMap<>();
  private final ShuffleTables tables = new ShuffleTables();

  private final Cores cores;

  private final Path credentialsFile;

  private ShuffleBench(Cores cores, Path credentialsFile) {
    this.cores = cores;
    this.credentialsFile = credentialsFile;
  }

  /**
   * Runs all; some ten minutes.
   *
   * @param args root of the built project; then any of {@code cases=} such as {@code
   *     rows:20x20:118,sort:100x100:1000}, {@code passes=3}, {@code delays=} milliseconds a request
   *     that a proxy adds for the first case, such as {@code 0,10,20,30}, {@code cores=apart} or
   *     {@code shared}
   */
  public static void main(String[] args) throws IOException {
    int passes = Integer.parseInt(option(args, "passes").orElse("3"));
    List<ShuffleCase> cases =
        option(args, "cases").map(ShuffleCase::parseAll).orElse(ShuffleCase.ALL);
    List<Integer> delays =
        option(args, "delays").stream()
            .flatMap(text -> Arrays.stream(text.split(",", -1)))
            .map(Integer::parseInt)
            .toList();
    Cores cores = Cores.valueOf(option(args, "cores").orElse("apart").toUpperCase(Locale.ROOT));
    Path dist = Path.of(args[0]).resolve("local-cloud/target/dist");
    try (LocalCloud cloud = LocalCloud.start(LocalCloudOptions.of(dist))) {
      ShuffleBench bench = new ShuffleBench(cores, cloud.credentialsFile());
      cores.divide();
      createBucket(cloud);
      StoreWarmUp.run(bench.settings(cloud.s3Endpoint()), BUCKET);
      for (ShuffleCase shuffle : cases) {
        bench.warmUp(cloud.s3Endpoint(), shuffle);
        for (int pass = 0; pass < passes; pass++) {
          bench.pair(cloud.s3Endpoint(), shuffle, pass % 2 == 0);
        }
      }
      for (int pass = 0; pass < passes; pass++) {
        for (int delay : delays) {
          bench.delayed(cloud.s3Endpoint(), cases.get(0), delay);
        }
      }
      bench.tables.print();
    }
  }

  private static Optional<String> option(String[] args, String name) {
    return Arrays.stream(args)
        .filter(arg -> arg.startsWith(name + "="))
        .map(arg -> arg.substring(name.length() + 1))
        .findFirst();
  }

  /** A bucket of the stand-in is a folder. */
  static void createBucket(LocalCloud cloud) throws IOException {
    Path unused = Files.createDirectories(cloud.home().resolve("s3").resolve(BUCKET));
  }

  /** Both kinds, so that neither finds more of its code compiled than the other. */
  private void warmUp(URI endpoint, ShuffleCase shuffle) throws IOException {
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      run("warm-up", disk(), shuffle.warmUp());
      run("warm-up", s3(endpoint), shuffle.warmUp());
    }
  }

  private void pair(URI endpoint, ShuffleCase shuffle, boolean diskFirst) throws IOException {
    if (diskFirst) {
      ShuffleRun disk = run("disk", disk(), shuffle);
      tables.add(shuffle, disk, run("S3", s3(endpoint), shuffle));
    } else {
      ShuffleRun s3 = run("S3", s3(endpoint), shuffle);
      tables.add(shuffle, run("disk", disk(), shuffle), s3);
    }
  }

  private void delayed(URI endpoint, ShuffleCase shuffle, int delayMillis) throws IOException {
    try (DelayProxy proxy = DelayProxy.start(endpoint, () -> delayMillis * 1_000_000L)) {
      cores.toServer(HttpRelay.THREADS);
      ShuffleRun disk = run("disk", disk(), shuffle);
      tables.add(delayMillis, shuffle, disk, run("delayed", s3(proxy.endpoint()), shuffle));
    }
  }

  private ShuffleRun run(String what, SparkConf conf, ShuffleCase shuffle) throws IOException {
    StageWatch stages = new StageWatch();
    try (SparkSession spark = SparkSession.builder().config(conf).getOrCreate()) {
      spark.sparkContext().addSparkListener(stages);
      ShuffleJob.Arrived unused = shuffle.job().run(spark, shuffle.warmUp());
      settle(spark);
      stages.clear();
      CpuSeconds cpu = CpuSeconds.sample();
      RequestCounts requests = RequestMeter.PROCESS.counts();
      long since = System.nanoTime();
      ShuffleJob.Arrived found = shuffle.job().run(spark, shuffle);
      double seconds = (System.nanoTime() - since) / 1e9;
      var used = CpuSeconds.sample().since(cpu);
      RequestCounts sent = RequestMeter.PROCESS.counts().minus(requests);
      settle(spark);
      if (!found.equals(expected.computeIfAbsent(shuffle, s -> found))) {
        throw new IllegalStateException(shuffle + " gave " + found + ", not what it gave before.");
      }
      System.err.printf(
          Locale.ROOT, "%s, %s: %.2f s %s %s%n", shuffle, what, seconds, stages.seconds(), used);
      return new ShuffleRun(seconds, stages.seconds(), stages.writtenBytes(), used, sent);
    }
  }

  /** Until listeners have heard of everything. */
  private static void settle(SparkSession spark) {
    try {
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      throw new IllegalStateException("Spark's listeners did not keep up.", e);
    }
  }

  private SparkConf disk() {
    return new SparkConf()
        .setAppName("shuffle")
        .setMaster(cores.master())
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
        .set("spark.sql.adaptive.enabled", "false");
  }

  private SparkConf s3(URI endpoint) {
    SparkConf conf = disk();
    settings(endpoint).toProperties().forEach(conf::set);
    return conf.set("spark.shuffle.manager", S3ShuffleManager.class.getName())
        .set(RunOptions.LOCATION.key(), "s3://" + BUCKET + "/runs");
  }

  private StoreSettings settings(URI endpoint) {
    return StoreSettings.localStack(endpoint, credentialsFile);
  }
}
