package io.letsdata.benchmarks;

import io.letsdata.benchmarks.CpuSeconds.Part;
import io.letsdata.benchmarks.tpch.TpchData;
import io.letsdata.benchmarks.tpch.TpchQueries;
import io.letsdata.executor.RunReports;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private final Map<Master, List<List<Double>>> seconds = new EnumMap<>(Master.class);
  private final Map<Master, List<Map<Part, Double>>> cpu = new EnumMap<>(Master.class);
  private final List<List<Row>> expected = new ArrayList<>();

  private TpchBench(DispatchStack stack, double scale) {
    this.stack = stack;
    this.data = new TpchData(DispatchStack.ROOT + "/tpch", scale);
  }

  /**
   * Runs all. At scale 1 a pass over the three masters takes some ten minutes.
   *
   * @param args root of the built project; scale, default 1; passes, default 2
   */
  public static void main(String[] args) throws IOException {
    double scale = args.length > 1 ? Double.parseDouble(args[1]) : 1;
    int passes = args.length > 2 ? Integer.parseInt(args[2]) : 2;
    try (DispatchStack stack = DispatchStack.start(Path.of(args[0]))) {
      TpchBench bench = new TpchBench(stack, scale);
      bench.write();
      for (int pass = 0; pass < passes; pass++) {
        for (Master master : Master.values()) {
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
      CpuSeconds before = CpuSeconds.sample();
      List<Double> measured = round(spark, master, "measured");
      cpu.computeIfAbsent(master, m -> new ArrayList<>()).add(CpuSeconds.sample().since(before));
      seconds.computeIfAbsent(master, m -> new ArrayList<>()).add(measured);
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
          .set("spark.letsdata.run.location", DispatchStack.ROOT + "/runs");
    }
    return conf;
  }

  private void print() {
    System.out.println("| query | " + String.join(" | ", titles()) + " |");
    System.out.println("|---|" + "--:|".repeat(seconds.size()));
    for (int query = 0; query < TpchQueries.COUNT; query++) {
      int index = query;
      row(String.valueOf(query + 1), pass -> pass.get(index));
    }
    row("all", pass -> pass.stream().mapToDouble(Double::doubleValue).sum());
    System.out.println();
    System.out.println("| CPU-seconds | " + String.join(" | ", titles()) + " |");
    System.out.println("|---|" + "--:|".repeat(seconds.size()));
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

  private List<String> titles() {
    return seconds.keySet().stream().map(master -> master.title).toList();
  }

  private void row(String title, java.util.function.ToDoubleFunction<List<Double>> of) {
    StringBuilder line = new StringBuilder("| " + title);
    seconds
        .values()
        .forEach(
            passes ->
                line.append(" | ").append(middle(passes.stream().map(of::applyAsDouble).toList())));
    System.out.println(line + " |");
  }

  /** The median, and in parentheses the smallest and the largest. */
  private static String middle(List<Double> values) {
    Spread spread = Spread.of(values);
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", spread.median(), spread.min(), spread.max());
  }
}
