// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.fixtures.stack.ChildJvm;
import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.awaitility.Awaitility;

/**
 * A standalone master with two executors, each a process of its own, as {@code local-cluster}
 * starts them, over a real S3 server. {@code SPARK_HOME} needs no more than an empty folder {@code
 * jars}: the class path comes from the tests.
 */
final class ClusterSession implements AutoCloseable {
  static final String RUN_LOCATION = "s3://runs/all";
  private static final int EXECUTORS = 2;

  final S3ProxyServer server;
  final StoreSettings settings;
  final ObjectStore store;
  final JavaSparkContext spark;
  final AtomicInteger mapTasks = new AtomicInteger();

  ClusterSession(Path folder, Map<String, String> more) throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder.resolve("s3"), "runs");
    settings = TestIdentity.settings(server.endpoint());
    store = SharedStores.get(settings);
    SparkConf conf =
        new SparkConf()
            .setAppName("cluster")
            .setMaster("local-cluster[" + EXECUTORS + ",1,1024]")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.executor.memory", "512m")
            .set("spark.executor.extraJavaOptions", ChildJvm.extraJavaOptions())
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.shuffle.manager", S3ShuffleManager.class.getName())
            .set("spark.letsdata.shuffle.hedge-share", "0") // tests count requests
            .set("spark.letsdata.run.location", RUN_LOCATION);
    settings.toProperties().forEach(conf::set);
    more.forEach(conf::set);
    spark = new JavaSparkContext(conf);
    spark
        .sc()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd end) {
                if (end.taskType().equals("ShuffleMapTask")) {
                  mapTasks.incrementAndGet();
                }
              }
            });
  }

  /** Map tasks that have ended so far. */
  int mapTasks() throws Exception {
    spark.sc().listenerBus().waitUntilEmpty(Duration.ofMinutes(5).toMillis());
    return mapTasks.get();
  }

  /** Everything that is stored, by all applications. */
  List<ObjectLocation> objects() {
    List<ObjectLocation> objects = new ArrayList<>();
    store.listAll("runs", "").forEachRemaining(listed -> objects.add(listed.location()));
    objects.removeIf(object -> S3ProxyServer.isUnfinishedPut(object.key()));
    return objects;
  }

  /** Requests that the executors have sent to the store so far; asks until each has answered. */
  long requests() {
    Map<String, Long> counts = new HashMap<>();
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .until(
            () -> {
              counts.clear();
              counts.putAll(ClusterTasks.requests(spark));
              return counts.size() == EXECUTORS;
            });
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void close() {
    spark.close();
    server.close();
  }
}
