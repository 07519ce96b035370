// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.benchmarks.CpuSeconds.Part;
import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.tpch.TpchData;
import io.letsdata.fixtures.tpch.TpchQueries;
import io.letsdata.protocol.RunOptions;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * TPC-H's 22 queries, warm, with two slots: the Lambda master through the connectors on the local
 * stack; {@code local-cluster[2,1,…]} that reads the same objects through {@code s3a://}; and the
 * same with our shuffle instead of Spark's. In turn, several times, in one program; every master
 * must give the first one's rows. Prints Markdown.
 */
public final class TpchBench {
  private enum Master {
    LAMBDA("Lambda, 2 slots"),
    CLUSTER("local-cluster, S3A"),
    CLUSTER_S3_SHUFFLE("local-cluster, S3A, our shuffle");

    private final String title;

    Master(String title) {
      this.title = title;
    }
  }

  private final DispatchStack stack;
  private final TpchData data;
  private final int rounds;
  private final Map<Master, List<List<Double>>> seconds = new EnumMap<>(Master.class);
  private final Map<Master, List<Map<Part, Double>>> cpu = new EnumMap<>(Master.class);
  private final List<List<Row>> expected = new ArrayList<>();

  private TpchBench(DispatchStack stack, double scale, int rounds) {
    this.stack = stack;
    this.rounds = rounds;
    this.data = new TpchData(DispatchStack.ROOT + "/tpch", scale);
  }

  /**
   * Runs all. At scale 1 a pass over the three masters takes some ten minutes.
   *
   * @param args root of the built project; scale, default 1; passes, default 2; the masters of a
   *     pass, default {@code LAMBDA,CLUSTER,CLUSTER_S3_SHUFFLE}, one may come twice; measured
   *     rounds of a session, default 1
   */
  public static void main(String[] args) throws IOException {
    double scale = args.length > 1 ? Double.parseDouble(args[1]) : 1;
    int passes = args.length > 2 ? Integer.parseInt(args[2]) : 2;
    List<Master> masters =
        args.length > 3
            ? Arrays.stream(args[3].split(",", -1)).map(Master::valueOf).toList()
            : List.of(Master.values());
    int rounds = args.length > 4 ? Integer.parseInt(args[4]) : 1;
    try (DispatchStack stack = DispatchStack.start(Path.of(args[0]))) {
      TpchBench bench = new TpchBench(stack, scale, rounds);
      bench.write();
      for (int pass = 0; pass < passes; pass++) {
        for (Master master : masters) {
          bench.measure(master);
        }
      }
      bench.print();
    }
  }

  private void write() {
    SparkConf conf = basic().setMaster("local[2]");
    stack.configureStore(conf);
    try (SparkSession spark = SparkSession.builder().config(conf).getOrCreate()) {
      data.write(spark);
    }
  }

  private void measure(Master master) throws IOException {
    try (SparkSession spark = SparkSession.builder().config(conf(master)).getOrCreate()) {
      createViews(master, spark);
      round(spark, master, "warm-up");
      for (int round = 0; round < rounds; round++) {
        CpuSeconds before = CpuSeconds.sample();
        List<Double> measured = round(spark, master, "measured");
        cpu.computeIfAbsent(master, m -> new ArrayList<>()).add(CpuSeconds.sample().since(before));
        seconds.computeIfAbsent(master, m -> new ArrayList<>()).add(measured);
      }
      if (master == Master.LAMBDA) {
        System.out.printf("%s%n%n", RunReports.of(spark.sparkContext()).render());
      }
    }
  }

  private List<Double> round(SparkSession spark, Master master, String what) {
    List<Double> measured = new ArrayList<>();
    for (int query = 1; query <= TpchQueries.COUNT; query++) {
      long started = System.nanoTime();
      List<Row> rows = spark.sql(TpchQueries.sql(query)).collectAsList();
      measured.add((System.nanoTime() - started) / 1e9);
      if (expected.size() < query) {
        expected.add(rows);
      } else if (!rows.equals(expected.get(query - 1))) {
        throw new IllegalStateException(
            "Query " + query + " gives other rows on " + master.title + ".");
      }
    }
    System.err.printf(
        Locale.ROOT,
        "%s, %s: %.1f s%n",
        master.title,
        what,
        measured.stream().mapToDouble(Double::doubleValue).sum());
    return measured;
  }

  private void createViews(Master master, SparkSession spark) {
    if (master == Master.LAMBDA) {
      data.createViews(spark);
      return;
    }
    for (String table : TpchData.tables()) {
      String folder = data.output(table).replaceFirst("^s3:", "s3a:") + "/data";
      spark.read().parquet(folder).createOrReplaceTempView(table);
    }
  }

  private static SparkConf basic() {
    return new SparkConf()
        .setAppName("tpch")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.sql.shuffle.partitions", "16");
  }

  private SparkConf conf(Master master) {
    SparkConf conf = basic();
    if (master == Master.LAMBDA) {
      stack.configure(conf);
      return conf;
    }
    stack.configureS3a(conf);
    conf.setMaster("local-cluster[2,1,1536]")
        .set("spark.executor.memory", "1536m")
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    if (master == Master.CLUSTER_S3_SHUFFLE) {
      stack.configureStore(conf);
      conf.set("spark.shuffle.manager", S3ShuffleManager.class.getName())
          .set(RunOptions.LOCATION.key(), DispatchStack.ROOT + "/runs");
    }
    return conf;
  }

  private void print() {
    System.out.println("Seconds; in parentheses as multiple of " + Master.CLUSTER.title + "'s.");
    System.out.println();
    header("query");
    for (int query = 0; query < TpchQueries.COUNT; query++) {
      int index = query;
      row(String.valueOf(query + 1), pass -> pass.get(index));
    }
    row("all", pass -> pass.stream().mapToDouble(Double::doubleValue).sum());
    System.out.println();
    header("CPU-seconds");
    for (Part part : Part.values()) {
      StringBuilder line = new StringBuilder("| " + part.name().toLowerCase(Locale.ROOT));
      cpu.values()
          .forEach(
              passes ->
                  line.append(" | ")
                      .append(
                          middle(passes.stream().map(p -> p.getOrDefault(part, 0.0)).toList())));
      System.out.println(line + " |");
    }
  }

  private void header(String first) {
    List<String> titles = seconds.keySet().stream().map(master -> master.title).toList();
    System.out.println("| " + first + " | " + String.join(" | ", titles) + " |");
    System.out.println("|---|" + "--:|".repeat(titles.size()));
  }

  private void row(String title, ToDoubleFunction<List<Double>> of) {
    double base = median(seconds.getOrDefault(Master.CLUSTER, List.of()), of);
    StringBuilder line = new StringBuilder("| " + title);
    seconds.forEach(
        (master, passes) -> {
          line.append(" | ").append(middle(passes.stream().map(of::applyAsDouble).toList()));
          if (master != Master.CLUSTER && base > 0) {
            line.append(String.format(Locale.ROOT, " (%.2f)", median(passes, of) / base));
          }
        });
    System.out.println(line + " |");
  }

  private static double median(List<List<Double>> passes, ToDoubleFunction<List<Double>> of) {
    return passes.isEmpty()
        ? 0
        : Spread.of(passes.stream().map(of::applyAsDouble).toList()).median();
  }

  /** The median; if there are several values, the smallest and the largest as well. */
  private static String middle(List<Double> values) {
    Spread spread = Spread.of(values);
    return values.size() == 1
        ? String.format(Locale.ROOT, "%.2f", spread.median())
        : String.format(
            Locale.ROOT, "%.2f, %.2f to %.2f", spread.median(), spread.min(), spread.max());
  }
}
