// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.benchmarks.CpuSeconds.Part;
import io.letsdata.executor.spark.RunReports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How fast empty tasks are dispatched: the Lambda master on the local stack beside Spark's own
 * {@code local-cluster[2,1,1024]} and {@code local[2]}, each with two slots, in turn, several
 * times, in one program. Prints Markdown.
 *
 * <p>{@code local-cluster} starts its executors through {@code SPARK_HOME}, which needs no more
 * than an empty folder {@code jars}: the class path comes from this program. The script {@code run}
 * sets that and the rest of the environment.
 */
public final class DispatchBench {
  // Even after 6,000 the compilers took a quarter of the driver's CPU (RESULTS.md).
  private static final int WARM_UP_TASKS = 5_000;
  private static final int ONE_TASK_JOBS = 40;
  private static final List<Integer> SIZES = List.of(200, 1_000);

  private final DispatchStack stack;
  private final int rounds;

  /** Seconds of each measurement, by master, then by what was measured. */
  private final Map<Master, Map<String, List<Double>>> measured = new LinkedHashMap<>();

  /** CPU seconds of all jobs after the warm-up, and their tasks. */
  private final Map<Master, Map<Part, Double>> cpu = new EnumMap<>(Master.class);

  private final Map<Master, Integer> tasks = new EnumMap<>(Master.class);

  private enum Master {
    LOCAL("local[2]"),
    LOCAL_CLUSTER("local-cluster[2,1,1024]"),
    LAMBDA("Lambda, 2 slots, local stack");

    private final String title;

    Master(String title) {
      this.title = title;
    }
  }

  private DispatchBench(DispatchStack stack, int rounds) {
    this.stack = stack;
    this.rounds = rounds;
  }

  /**
   * Runs all; a few minutes.
   *
   * @param args root of the built project; passes over all masters, default 3; rounds a pass,
   *     default 3
   */
  public static void main(String[] args) throws IOException {
    int passes = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    try (DispatchStack stack = DispatchStack.start(Path.of(args[0]))) {
      DispatchBench bench = new DispatchBench(stack, rounds);
      for (int pass = 0; pass < passes; pass++) {
        for (Master master : Master.values()) {
          bench.measure(master);
        }
      }
      bench.print();
    }
  }

  private void measure(Master master) throws IOException {
    try (JavaSparkContext spark = new JavaSparkContext(conf(master))) {
      record(master, "first job", EmptyTasks.run(spark, 1));
      EmptyTasks.run(spark, WARM_UP_TASKS);
      CpuSeconds before = CpuSeconds.sample();
      for (int round = 0; round < rounds; round++) {
        for (int size : SIZES) {
          record(master, size + " tasks", EmptyTasks.run(spark, size));
        }
        for (int job = 0; job < ONE_TASK_JOBS; job++) {
          record(master, "1 task", EmptyTasks.run(spark, 1));
        }
      }
      Map<Part, Double> used = cpu.computeIfAbsent(master, m -> new EnumMap<>(Part.class));
      CpuSeconds.sample().since(before).forEach((p, s) -> used.merge(p, s, Double::sum));
      int all = ONE_TASK_JOBS + SIZES.stream().mapToInt(Integer::intValue).sum();
      tasks.merge(master, rounds * all, Integer::sum);
      if (master == Master.LAMBDA) {
        System.out.printf("%s%n%n", RunReports.of(spark.sc()).render());
      }
    }
  }

  private void record(Master master, String what, double seconds) {
    measured
        .computeIfAbsent(master, m -> new LinkedHashMap<>())
        .computeIfAbsent(what, w -> new ArrayList<>())
        .add(seconds);
    System.err.printf(Locale.ROOT, "%s: %s in %.3f s%n", master.title, what, seconds);
  }

  private SparkConf conf(Master master) {
    SparkConf conf =
        new SparkConf()
            .setAppName("dispatch")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1");
    switch (master) {
      case LOCAL -> conf.setMaster("local[2]");
      case LOCAL_CLUSTER ->
          conf.setMaster("local-cluster[2,1,1024]")
              .set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
      case LAMBDA -> stack.configure(conf);
    }
    return conf;
  }

  private void print() {
    System.out.println("| tasks a second | master | min | median | max | jobs |");
    System.out.println("|---|---|--:|--:|--:|--:|");
    for (int size : SIZES) {
      for (Master master : Master.values()) {
        row(size + " empty tasks", master, s -> size / s, size + " tasks");
      }
    }
    System.out.println();
    System.out.println("| milliseconds | master | min | median | max | jobs |");
    System.out.println("|---|---|--:|--:|--:|--:|");
    for (Master master : Master.values()) {
      row("a job of one empty task", master, s -> s * 1e3, "1 task");
    }
    for (Master master : Master.values()) {
      row("first job of a session", master, s -> s * 1e3, "first job");
    }
    System.out.println();
    System.out.println(
        "| CPU, ms a task | driver | workers | Lambda service | S3 server | other | all | tasks |");
    System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|");
    cpu.forEach(this::cpuRow);
  }

  private void cpuRow(Master master, Map<Part, Double> seconds) {
    int count = tasks.getOrDefault(master, 1);
    StringBuilder row = new StringBuilder("| ").append(master.title);
    for (Part part :
        List.of(Part.DRIVER, Part.WORKERS, Part.LAMBDA_SERVICE, Part.S3_SERVER, Part.OTHER)) {
      row.append(
          String.format(Locale.ROOT, " | %.2f", 1e3 * seconds.getOrDefault(part, 0.0) / count));
    }
    double all = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    System.out.printf(Locale.ROOT, "%s | %.2f | %s |%n", row, 1e3 * all / count, count);
  }

  private void row(String title, Master master, DoubleUnaryOperator unit, String what) {
    List<Double> values =
        measured.getOrDefault(master, Map.of()).getOrDefault(what, List.of()).stream()
            .map(unit::applyAsDouble)
            .toList();
    Spread spread = Spread.of(values);
    System.out.printf(
        "| %s | %s | %s | %s |%n", title, master.title, spread.columns(), spread.count());
  }
}
