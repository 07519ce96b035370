package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
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
  void executorsShuffleOverTheStore() {
    List<Tuple2<Integer, String>> records =
        ClusterTasks.shuffled(spark, RECORDS, MAPS, 3).collect();

    assertThat(records).hasSize(RECORDS).doesNotHaveDuplicates();
    assertThat(records).allMatch(record -> record._2().equals("value " + record._1() * 31));
  }

  @Test
  void outputsOfAnExecutorThatDiedAreNotMadeAgain() throws Exception {
    JavaPairRDD<Integer, String> shuffled = ClusterTasks.shuffled(spark, RECORDS, MAPS, 3);
    assertThat(shuffled.count()).isEqualTo(RECORDS);
    spark.sc().listenerBus().waitUntilEmpty();
    int before = MAP_TASKS.get();

    long sum = ClusterTasks.sumOfKeysWhileOneExecutorDies(shuffled, folder.resolve("one-died"));

    spark.sc().listenerBus().waitUntilEmpty();
    assertThat(sum).isEqualTo((RECORDS - 1L) * RECORDS / 2);
    assertThat(folder.resolve("one-died")).exists();
    assertThat(MAP_TASKS).hasValue(before);
  }

  @Test
  void lostObjectIsMadeAgainAloneThoughItsWriterWroteMore() throws Exception {
    JavaPairRDD<Integer, String> shuffled = ClusterTasks.shuffled(spark, RECORDS, MAPS, 3);
    List<ObjectLocation> others = objects();
    assertThat(shuffled.count()).isEqualTo(RECORDS);
    List<ObjectLocation> made = objects();
    made.removeAll(others);
    assertThat(made).hasSize(MAPS);
    spark.sc().listenerBus().waitUntilEmpty();
    int before = MAP_TASKS.get();

    store.delete(List.of(made.get(1)));
    long records = shuffled.count();

    spark.sc().listenerBus().waitUntilEmpty();
    assertThat(records).isEqualTo(RECORDS);
    assertThat(MAP_TASKS).hasValue(before + 1);
  }

  private static List<ObjectLocation> objects() {
    List<ObjectLocation> objects = new ArrayList<>();
    store.listAll("runs", "").forEachRemaining(listed -> objects.add(listed.location()));
    return objects;
  }
}
