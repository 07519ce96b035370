// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.local.admin.InvocationRecord;
import io.letsdata.local.environment.FunctionDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * How long a worker takes from the start of its JVM to the end of its first SQL task (a scan of
 * 300,000 rows of parquet, an aggregation, a shuffle write), with and without the class archive,
 * with the first compiler tier and with both. Variants take turns. Prints Markdown.
 */
public final class ColdStartBench {
  private static final String FLAGS = "JAVA_TOOL_OPTIONS";
  private static final String DATA = DispatchStack.ROOT + "/cold";
  private static final String QUERY =
      "select s, sum(v), count(*), avg(k) from t where k < 90 group by s";
  private static final Pattern TASK =
      Pattern.compile("(?m)^(\\d\\d:\\d\\d:\\d\\d\\.\\d{3}) INFO WorkerRuntime Task ");
  private static final int WARM_QUERIES = 5;
  private static final long MILLIS_A_DAY = Duration.ofDays(1).toMillis();

  private enum Variant {
    PLAIN("plain, first tier", "-XX:SharedArchiveFile=" + defaultArchive()),
    ARCHIVE("archive, first tier", ""),
    PLAIN_TIERED(
        "plain, both tiers", "-XX:TieredStopAtLevel=4 -XX:SharedArchiveFile=" + defaultArchive()),
    ARCHIVE_TIERED("archive, both tiers", "-XX:TieredStopAtLevel=4");

    private final String title;
    private final String flags;

    Variant(String title, String flags) {
      this.title = title;
      this.flags = flags;
    }

    private static Path defaultArchive() {
      return Path.of(System.getProperty("java.home"), "lib", "server", "classes.jsa");
    }
  }

  private final Map<String, List<Double>> measured = new LinkedHashMap<>();

  private ColdStartBench() {}

  /**
   * Runs all; a minute or two.
   *
   * @param args root of the built project; rounds, default 5
   */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    ColdStartBench bench = new ColdStartBench();
    for (int round = 0; round < rounds; round++) {
      for (Variant variant : Variant.values()) {
        bench.measure(root, variant);
      }
    }
    bench.print();
  }

  private void measure(Path root, Variant variant) throws IOException {
    String own =
        FunctionDefinition.read(root.resolve("lambda-worker/target/function/create-function.json"))
            .environment()
            .getOrDefault(FLAGS, "");
    try (DispatchStack stack =
        DispatchStack.start(root, f -> f.withEnvironment(FLAGS, own + " " + variant.flags))) {
      try (SparkSession local = session(stack, "local[1]")) {
        local
            .range(0, 300_000, 1, 1)
            .selectExpr("id % 100 as k", "id * 1.5 as v", "concat('name-', id % 1000) as s")
            .write()
            .format("letsdata-s3")
            .option("format", "parquet")
            .save(DATA);
      }
      try (SparkSession spark = session(stack, null)) {
        spark.read().format("letsdata-s3").load(DATA).createOrReplaceTempView("t");
        run(spark);
        double cpu = CpuSeconds.sample().workers();
        record(variant, "CPU to the end of the first query", cpu);
        stages(stack, variant);
        for (int query = 0; query < WARM_QUERIES; query++) {
          run(spark);
        }
        double more = (CpuSeconds.sample().workers() - cpu) / WARM_QUERIES;
        record(variant, "CPU of each of the next " + WARM_QUERIES, more);
      }
    }
  }

  private static void run(SparkSession spark) {
    var unused = spark.sql(QUERY).collectAsList();
  }

  private void stages(DispatchStack stack, Variant variant) throws IOException {
    InvocationRecord first =
        stack.cloud().admin().invocations().stream()
            .filter(InvocationRecord::coldStart)
            .findFirst()
            .orElseThrow();
    Path log =
        stack
            .cloud()
            .home()
            .resolve("logs")
            .resolve(first.function())
            .resolve(first.environment() + ".log");
    Matcher task = TASK.matcher(Files.readString(log));
    if (!task.find()) {
      throw new IllegalStateException("no task in " + log);
    }
    long begun = LocalTime.parse(task.group(1)).toNanoOfDay() / 1_000_000;
    double ready = Math.floorMod(begun - first.startedEpochMillis(), MILLIS_A_DAY);
    double done = first.initMillis() + first.durationMillis();
    record(variant, "JVM start to handler ready", first.initMillis() / 1e3);
    record(variant, "to the Spark runtime ready", (ready - first.initMillis()) / 1e3);
    record(variant, "to the first SQL task done", (done - ready) / 1e3);
    record(variant, "total", done / 1e3);
  }

  private void record(Variant variant, String what, double value) {
    measured.computeIfAbsent(key(variant, what), k -> new ArrayList<>()).add(value);
  }

  private static String key(Variant variant, String what) {
    return what + " | " + variant.title;
  }

  /** A session of {@code master}, or of the stack's function. */
  private static SparkSession session(DispatchStack stack, @Nullable String master) {
    SparkConf conf =
        new SparkConf()
            .setAppName("cold start")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.sql.adaptive.enabled", "false")
            .set("spark.sql.shuffle.partitions", "1");
    if (master == null) {
      stack.configure(conf);
      conf.set(LambdaOptions.CONCURRENCY.key(), "1");
    } else {
      stack.configureStore(conf);
      conf.setMaster(master);
    }
    return SparkSession.builder().config(conf).getOrCreate();
  }

  private void print() {
    System.out.println("| seconds | variant | min | median | max | starts |");
    System.out.println("|---|---|--:|--:|--:|--:|");
    measured.keySet().stream()
        .map(key -> key.substring(0, key.indexOf(" | ")))
        .distinct()
        .forEach(
            what -> {
              for (Variant variant : Variant.values()) {
                List<Double> values = measured.getOrDefault(key(variant, what), List.of());
                System.out.printf(
                    "| %s | %s | %s |%n", what, variant.title, Spread.of(values).precise());
              }
            });
  }
}
