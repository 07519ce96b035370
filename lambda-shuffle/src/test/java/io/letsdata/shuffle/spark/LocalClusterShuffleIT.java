package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.S3ProxyServer;
import io.letsdata.store.SharedStores;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Tuple2;

/**
 * A standalone master with two executors, each a process of its own, as {@code local-cluster}
 * starts them; one session for all tests, since its start takes seconds. {@code SPARK_HOME} needs
 * no more than an empty folder {@code jars}: the class path comes from the tests.
 */
@SuppressWarnings("NullAway.Init") // the lifecycle methods set them
final class LocalClusterShuffleIT {
  private static final int RECORDS = 4_000;
  private static final int MAPS = 4;

  private static Path folder;
  private static S3ProxyServer server;
  private static ObjectStore store;
  private static JavaSparkContext spark;
  private static final AtomicInteger MAP_TASKS = new AtomicInteger();

  @BeforeAll
  static void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder.resolve("s3"), "runs");
    StoreSettings settings = StoreSettings.localStack(server.endpoint());
    store = SharedStores.get(settings);
    SparkConf conf =
        new SparkConf()
            .setAppName("cluster")
            .setMaster("local-cluster[2,1,1024]")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.executor.memory", "512m")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.shuffle.manager", S3ShuffleManager.class.getName())
            .set("spark.letsdata.shuffle.hedge-share", "0") // tests count requests
            .set("spark.letsdata.run.location", "s3://runs/all");
    settings.toProperties().forEach(conf::set);
    spark = new JavaSparkContext(conf);
    spark
        .sc()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd end) {
                if (end.taskType().equals("ShuffleMapTask")) {
                  MAP_TASKS.incrementAndGet();
                }
              }
            });
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.close();
    }
    server.close();
  }

  @Test
  void executorsKnowOffsetsFromTheDriverAndReadEachBlockOnce() {
    JavaPairRDD<Integer, byte[]> shuffled = ClusterTasks.shuffledBlobs(spark, 200, MAPS, 3);
    long before = ClusterTasks.requests(spark);

    long records = shuffled.count();

    assertThat(records).isEqualTo(200);
    assertThat(ClusterTasks.requests(spark) - before).isEqualTo(MAPS + MAPS * 3);
  }

  @Test
  void twentyTinyMapsNeedNoRequest() {
    List<ObjectLocation> objects = objects();
    long before = ClusterTasks.requests(spark);
    RequestCounts driver = RequestMeter.PROCESS.counts();

    List<Tuple2<Integer, String>> records = ClusterTasks.shuffled(spark, RECORDS, 20, 20).collect();

    assertThat(records).hasSize(RECORDS).doesNotHaveDuplicates();
    assertThat(records).allMatch(record -> record._2().equals("value " + record._1() * 31));
    RequestCounts used = RequestMeter.PROCESS.counts().minus(driver);
    // Spark may delete an earlier test's shuffle meanwhile.
    assertThat(used.put() + used.get() + used.head() + used.post()).isZero();
    assertThat(ClusterTasks.requests(spark) - before).isZero();
    assertThat(objects).containsAll(objects());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void outputsOfAnExecutorThatDiedAreNotMadeAgain(boolean inline) throws Exception {
    JavaPairRDD<Integer, ?> shuffled =
        inline
            ? ClusterTasks.shuffled(spark, 200, MAPS, 3)
            : ClusterTasks.shuffledBlobs(spark, 200, MAPS, 3);
    assertThat(shuffled.count()).isEqualTo(200);
    spark.sc().listenerBus().waitUntilEmpty();
    int before = MAP_TASKS.get();
    Path mark = folder.resolve("one-died-" + inline);

    long sum = ClusterTasks.sumOfKeysWhileOneExecutorDies(shuffled, mark);

    spark.sc().listenerBus().waitUntilEmpty();
    assertThat(sum).isEqualTo(199L * 200 / 2);
    assertThat(mark).exists();
    assertThat(MAP_TASKS).hasValue(before);
  }

  @Test
  void lostObjectIsMadeAgainAloneThoughItsWriterWroteMore() throws Exception {
    JavaPairRDD<Integer, byte[]> shuffled = ClusterTasks.shuffledBlobs(spark, 200, MAPS, 3);
    List<ObjectLocation> others = objects();
    assertThat(shuffled.count()).isEqualTo(200);
    List<ObjectLocation> made = objects();
    made.removeAll(others);
    assertThat(made).hasSize(MAPS);
    spark.sc().listenerBus().waitUntilEmpty();
    int before = MAP_TASKS.get();

    store.delete(List.of(made.get(1)));
    long records = shuffled.count();

    spark.sc().listenerBus().waitUntilEmpty();
    assertThat(records).isEqualTo(200);
    assertThat(MAP_TASKS).hasValue(before + 1);
  }

  private static List<ObjectLocation> objects() {
    List<ObjectLocation> objects = new ArrayList<>();
    store.listAll("runs", "").forEachRemaining(listed -> objects.add(listed.location()));
    return objects;
  }
}
