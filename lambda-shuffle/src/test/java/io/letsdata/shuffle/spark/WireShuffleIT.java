// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.shuffle.driver.ExchangePlan;
import io.letsdata.shuffle.driver.ExchangePrices;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.spark.offsets.TrackedOutputs;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** Plain Spark, nothing but settings, a real S3 server. */
final class WireShuffleIT {
  private final S3ProxyServer server;
  private final StoreSettings settings;

  WireShuffleIT(@TempDir Path folder) throws IOException {
    server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder, "runs");
    settings = TestIdentity.settings(server.endpoint());
  }

  @BeforeEach
  void bucketIsEmpty() {
    assertThat(keys()).isEmpty();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void twoSettingsMoveTheShuffleOfPlainSparkToS3AndItsEndCleansUp() {
    try (JavaSparkContext spark = new JavaSparkContext(conf(Map.of()))) {
      RequestCounts before = RequestMeter.PROCESS.counts();
      Map<Integer, Integer> sums =
          spark
              .parallelize(IntStream.range(0, 10_000).boxed().toList(), 4)
              .mapToPair(i -> new Tuple2<>(i % 50, i))
              .reduceByKey(Integer::sum, 3)
              .collectAsMap();

      assertThat(sums).hasSize(50);
      assertThat(sums.values().stream().mapToInt(Integer::intValue).sum())
          .isEqualTo(9_999 * 10_000 / 2);
      assertThat(keys())
          .hasSize(4)
          .allMatch(key -> key.startsWith("runs/all/" + spark.sc().applicationId() + "-"));
      RequestCounts used = RequestMeter.PROCESS.counts().minus(before);
      assertThat(used.put()).isEqualTo(4);
      assertThat(used.get()).isEqualTo(4 * 3);
      assertThat(used.head() + used.retries()).isZero();
    }

    assertThat(keys()).isEmpty();
  }

  @Test
  void outputsAboveTwoPartsAndSegmentsAboveARequestSurviveTheWire() {
    try (JavaSparkContext spark =
        new JavaSparkContext(
            conf(
                Map.of(
                    "spark.letsdata.shuffle.part-size", "5m",
                    "spark.letsdata.shuffle.fetch-bytes-in-flight", "2m",
                    "spark.shuffle.sort.bypassMergeThreshold", "0",
                    "spark.shuffle.compress", "false")))) {
      RequestCounts before = RequestMeter.PROCESS.counts();
      List<Tuple2<Integer, Integer>> hashes =
          spark
              .parallelize(IntStream.range(0, 90).boxed().toList(), 2)
              .mapToPair(i -> new Tuple2<>(i, randomBytes(i)))
              .partitionBy(new HashPartitioner(3))
              .mapToPair(pair -> new Tuple2<>(pair._1(), Arrays.hashCode(pair._2())))
              .collect();

      RequestCounts used = RequestMeter.PROCESS.counts().minus(before);
      assertThat(used.post()).isEqualTo(2 * 2);
      assertThat(used.put()).isEqualTo(2 * 3); // parts of 11.25 MiB
      assertThat(hashes)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 90)
                  .mapToObj(i -> new Tuple2<>(i, Arrays.hashCode(randomBytes(i))))
                  .toList());
    }
  }

  @Test
  void mergedObjectsAreReadOverTheWireAndDeletedAtTheEnd() throws IOException {
    try (JavaSparkContext spark = new JavaSparkContext(conf(Map.of()))) {
      JavaPairRDD<Integer, Integer> shuffled =
          spark
              .parallelize(IntStream.range(0, 10_000).boxed().toList(), 6)
              .mapToPair(i -> new Tuple2<>(i, i))
              .partitionBy(new HashPartitioner(5));
      assertThat(shuffled.count()).isEqualTo(10_000);
      int shuffleId =
          ((ShuffleDependency<?, ?, ?>) shuffled.rdd().dependencies().head()).shuffleId();
      S3ShuffleManager manager = (S3ShuffleManager) SparkEnv.get().shuffleManager();
      OutputRegistry registry = manager.registry();
      List<MapRef> winners = TrackedOutputs.of(shuffleId);
      ExchangePlan plan =
          ExchangePlan.choose(
              registry.shape(shuffleId, winners, 5),
              new ExchangeOptions(
                  ExchangeOptions.Mode.COMBINED, 64 << 20, Duration.ofSeconds(60), 0),
              ExchangePrices.of(5e-6, 4e-7, 2e-7, 3e-5, 2));
      OffsetsTable table = OffsetsTable.of(registry.tables().table(shuffleId, winners));
      for (MergeJob job : registry.planMerges(shuffleId, winners, plan)) {
        assertThat(registry.addMerged(manager.merge(table, job, () -> {}))).isEmpty();
      }
      assertThat(keys()).hasSize(6 + 1);
      RequestCounts before = RequestMeter.PROCESS.counts();

      assertThat(shuffled.values().reduce(Integer::sum)).isEqualTo(9_999 * 10_000 / 2);

      RequestCounts used = RequestMeter.PROCESS.counts().minus(before);
      assertThat(used.get()).isEqualTo(5);
      assertThat(used.put() + used.head() + used.retries()).isZero();
    }

    assertThat(keys()).isEmpty();
  }

  @Test
  void storeThatIsDownIsNamedAndNothingHangs() {
    server.close();

    assertThatThrownBy(
            () -> {
              try (JavaSparkContext spark = new JavaSparkContext(conf(Map.of()))) {
                spark.parallelize(List.of(1, 2, 3), 2).repartition(2).collect();
              }
            })
        .hasMessageStartingWith("Cannot shuffle over S3: ")
        .hasMessageContaining(server.endpoint().toString());
  }

  @Test
  void missingBucketFailsTheStartAndIsNamed() {
    Map<String, String> elsewhere = Map.of("spark.letsdata.run.location", "s3://nowhere/all");

    assertThatThrownBy(() -> new JavaSparkContext(conf(elsewhere)))
        .hasMessageStartingWith("Cannot shuffle over S3: ")
        .hasMessageContaining("nowhere")
        .hasMessageContaining("Set spark.letsdata.run.location to a prefix in which");
  }

  private static byte[] randomBytes(int seed) {
    byte[] bytes = new byte[256 << 10];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private SparkConf conf(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(settings.toProperties());
    all.put("spark.shuffle.manager", S3ShuffleManager.class.getName());
    all.put("spark.letsdata.run.location", "s3://runs/all");
    all.put("spark.letsdata.shuffle.inline-map-size", "0");
    all.put("spark.letsdata.shuffle.hedge-share", "0"); // the test counts requests
    all.putAll(more);
    SparkConf conf =
        new SparkConf()
            .setAppName("wire")
            .setMaster("local[2]")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost");
    all.forEach(conf::set);
    return conf;
  }

  private List<String> keys() {
    var listed = SharedStores.get(settings).listAll("runs", "");
    List<String> keys = new java.util.ArrayList<>();
    while (listed.hasNext()) {
      ObjectLocation location = listed.next().location();
      keys.add(location.bucket() + "/" + location.key());
    }
    return keys;
  }
}
