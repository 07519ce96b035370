// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.apache.spark.sql.functions.col;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * SQL on executors that come and go: dynamic allocation, decommissioning, a crash. Has no closure
 * of its own, so that executors need Spark and the bundle alone, uses none of our classes by name,
 * and is one class, which is copied.
 */
final class BundleApplication extends SparkListener {
  private static final long RECORDS = 12_000; // beyond what is kept inline
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final AtomicInteger mapTasks = new AtomicInteger();
  private final AtomicBoolean kills = new AtomicBoolean();

  private BundleApplication() {}

  /**
   * Shuffles, says so; at the first byte waits until the executors, which are idle, have left, and
   * reads again on new ones, the first of which it kills; at the end ends.
   */
  public static void main(String[] arguments) throws Exception {
    requireAbsent("software.amazon.awssdk.core.SdkClient");
    requireAbsent("io.letsdata.fixtures.store.S3ProxyServer");
    try (SparkSession spark =
        SparkSession.builder()
            .appName("other")
            .master("local-cluster[1,1,1024]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.executor.memory", "512m")
            .config("spark.shuffle.manager", "io.letsdata.shuffle.spark.S3ShuffleManager")
            .config("spark.decommission.enabled", "true")
            .config("spark.storage.decommission.enabled", "true")
            .config("spark.dynamicAllocation.enabled", "true")
            .config("spark.dynamicAllocation.executorIdleTimeout", "1s")
            .getOrCreate()) {
      BundleApplication events = new BundleApplication();
      spark.sparkContext().addSparkListener(events);
      Dataset<Row> made =
          spark
              .range(0, RECORDS, 1, 4)
              .selectExpr("id", "sha2(string(id), 512) as a", "sha2(string(id + 1), 512) as b")
              .repartition(3, col("id"));
      Dataset<Row> shuffled = spark.createDataFrame(made.toJavaRDD(), made.schema());
      requireSum(shuffled);
      System.out.println("shuffled " + spark.sparkContext().applicationId());

      if (System.in.read() >= 0) {
        awaitNoExecutors(spark);
        spark.sparkContext().listenerBus().waitUntilEmpty(PATIENCE.toMillis());
        int before = events.mapTasks.get();
        events.kills.set(true);
        requireSum(shuffled);
        spark.sparkContext().listenerBus().waitUntilEmpty(PATIENCE.toMillis());
        require(!events.kills.get(), "nothing was killed");
        System.out.println("again " + (events.mapTasks.get() - before));
        int unused = System.in.read();
      }
    }
  }

  private static void awaitNoExecutors(SparkSession spark) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!spark.sparkContext().getExecutorIds().isEmpty()) {
      require(Instant.now().isBefore(end), "executors stay");
      Thread.sleep(20);
    }
  }

  /** All of Java's processes that a driver starts are executors. */
  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    if (kills.compareAndSet(true, false)) {
      ProcessHandle.current()
          .children()
          .filter(process -> process.info().command().orElse("").endsWith("java"))
          .findFirst()
          .orElseThrow()
          .destroyForcibly();
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskType().equals("ShuffleMapTask") && end.taskInfo().successful()) {
      mapTasks.incrementAndGet();
    }
  }

  /** Three partitions, hence three map tasks of the sum's own. */
  private static void requireSum(Dataset<Row> shuffled) {
    long sum = shuffled.selectExpr("sum(id)").head().getLong(0);
    require(sum == (RECORDS - 1) * RECORDS / 2, "wrong sum: " + sum);
  }

  private static void requireAbsent(String name) {
    try {
      Class<?> unused = Class.forName(name);
    } catch (ClassNotFoundException e) {
      return;
    }
    throw new IllegalStateException(name + " is on the class path");
  }

  private static void require(boolean is, String otherwise) {
    if (!is) {
      throw new IllegalStateException(otherwise);
    }
  }
}
