// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.scale;

import com.sun.management.OperatingSystemMXBean;
import io.letsdata.benchmarks.EmptyTasks;
import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.local.LocalCloud;
import io.letsdata.local.LocalCloudOptions;
import io.letsdata.protocol.RunOptions;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The cost of a task for the driver, from 100 to 10,000 empty tasks a stage: the Lambda master
 * against a function that answers at once ({@link EchoLambda}), beside Spark's own scheduler over a
 * backend that answers at once ({@link EchoBackend}). Prints Markdown.
 */
public final class ScaleBench {
  private static final int SLOTS = 64;
  private static final int WARM_UP_TASKS = 5_000;
  private static final List<Integer> SIZES = List.of(100, 1_000, 10_000);
  private static final String BUCKET = "scale";
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ScaleBench() {}

  /**
   * Runs all; two minutes.
   *
   * @param args root of the built project; rounds, default 3
   */
  public static void main(String[] args) throws IOException {
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    System.out.println(
        "| tasks | master | wall s | driver CPU ms a task | peak threads | heap kept, kB a task |");
    System.out.println("|--:|---|--:|--:|--:|--:|");
    try (LocalCloud cloud =
            LocalCloud.start(
                LocalCloudOptions.of(Path.of(args[0]).resolve("local-cloud/target/dist")));
        EchoLambda echo = new EchoLambda()) {
      Files.createDirectories(cloud.home().resolve("s3").resolve(BUCKET)); // that is a bucket
      for (int round = 0; round < rounds; round++) {
        measure("Spark's scheduler, echo", base(EchoClusterManager.SCHEME + SLOTS), () -> 0);
        measure("Lambda, echo", lambda(cloud, echo), echo::cpuSeconds);
      }
      try (JavaSparkContext spark = new JavaSparkContext(base(EchoClusterManager.SCHEME + 1))) {
        publish(spark, rounds);
      }
    }
  }

  private static SparkConf base(String master) {
    return new SparkConf()
        .setAppName("scale")
        .setMaster(master)
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1");
  }

  private static SparkConf lambda(LocalCloud cloud, EchoLambda echo) {
    SparkConf conf = base("lambda://echo");
    StoreSettings.localStack(cloud.s3Endpoint(), cloud.credentialsFile())
        .toProperties()
        .forEach(conf::set);
    return conf.set("spark.shuffle.manager", S3ShuffleManager.class.getName())
        .set(LambdaOptions.ENDPOINT.key(), echo.endpoint())
        .set(LambdaOptions.REGION.key(), "us-east-1")
        .set(LambdaOptions.CONCURRENCY.key(), String.valueOf(SLOTS))
        .set(RunOptions.LOCATION.key(), "s3://" + BUCKET + "/runs");
  }

  private static void measure(String title, SparkConf conf, DoubleSupplier others) {
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      EmptyTasks.run(spark, WARM_UP_TASKS);
      for (int size : SIZES) {
        long heap = usedHeap();
        THREADS.resetPeakThreadCount();
        double cpu = cpuSeconds() - others.getAsDouble();
        double wall = EmptyTasks.run(spark, size);
        double spent = cpuSeconds() - others.getAsDouble() - cpu;
        int threads = THREADS.getPeakThreadCount();
        System.out.printf(
            Locale.ROOT,
            "| %,d | %s | %.2f | %.3f | %d | %.2f |%n",
            size,
            title,
            wall,
            spent * 1e3 / size,
            threads,
            (usedHeap() - heap) / 1024.0 / size);
      }
    }
  }

  private static void publish(JavaSparkContext spark, int rounds) {
    System.out.println("\n| maps x reducers published | ms | bytes |\n|---|--:|--:|");
    for (int size : List.of(100, 1_000)) {
      PublishedStatuses statuses = new PublishedStatuses(size, size);
      for (int round = 0; round < rounds; round++) {
        long start = System.nanoTime();
        long bytes = statuses.publish();
        double millis = (System.nanoTime() - start) / 1e6;
        System.out.printf(Locale.ROOT, "| %,d x %,d | %.0f | %,d |%n", size, size, millis, bytes);
      }
    }
    spark.stop();
  }

  private static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  @SuppressWarnings("SystemGC") // what is still held is the figure
  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
