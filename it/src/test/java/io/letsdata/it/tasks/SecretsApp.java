// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.LoggerFactory;

/**
 * A driver with a secret in every place that a program has for one. It runs all that travels to
 * workers, fails in each way that leaves a text, prints a line with the address of its UI, and then
 * waits for the end of its standard input.
 */
public final class SecretsApp {
  /** The beginning of the line that it prints when its jobs are done. */
  public static final String READY = "said ready ui=";

  private final SparkSession spark;
  private final JavaSparkContext context;

  /** Where it writes, {@code <bucket>/<prefix>}. */
  private final String outputs;

  private SecretsApp(SparkSession spark, String outputs) {
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.outputs = outputs;
  }

  /**
   * Runs it.
   *
   * @param args bucket and prefix of its outputs; the file for the texts of errors
   */
  @SuppressWarnings("SystemOut") // read by the test
  public static void main(String[] args) throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .config("spark." + SecretSource.BUILDER.key(), SecretSource.BUILDER.canary())
            .getOrCreate()) {
      spark.sparkContext().setLogLevel("INFO");
      set(spark, SecretSource.SESSION, "spark.");
      set(spark, SecretSource.SESSION_OTHER_KEY, "");
      spark
          .sparkContext()
          .hadoopConfiguration()
          .set(SecretSource.HADOOP.key(), SecretSource.HADOOP.canary());
      SecretsApp app = new SecretsApp(spark, args[0]);
      app.runEverythingThatTravels();
      try (PrintWriter errors =
          new PrintWriter(Files.newBufferedWriter(Path.of(args[1]), StandardCharsets.UTF_8))) {
        app.failInEachWay(errors);
      }
      System.out.println(READY + spark.sparkContext().uiWebUrl().get());
      System.out.flush();
      while (System.in.read() >= 0) {
        // Nothing is ever sent.
      }
    }
  }

  private static void set(SparkSession spark, SecretSource source, String prefix) {
    spark.conf().set(prefix + source.key(), source.canary());
  }

  /**
   * Configurations in broadcasts (parquet, csv, connector, RDD), in closures (inference), shuffles,
   * cached blocks and results.
   */
  private void runEverythingThatTravels() {
    String plain = "s3a://" + outputs + "/plain";
    Dataset<Row> rows = spark.range(0, 100, 1, 2).toDF().repartition(2);
    for (String format : List.of("parquet", "json", "csv")) {
      with(SecretSource.WRITE_OPTION, rows).format(format).save(plain + "/" + format);
      check(100, read(SecretSource.READ_OPTION, format).load(plain + "/" + format));
    }
    read(SecretSource.READ_OPTION, "parquet")
        .load(plain + "/parquet")
        .write()
        .format("letsdata-s3")
        .option("format", "parquet")
        .save(ours());
    check(100, spark.read().format("letsdata-s3").load(ours()));
    long lines = context.textFile(plain + "/json").persist(StorageLevel.MEMORY_AND_DISK()).count();
    if (lines != 100) {
      throw new IllegalStateException("Found " + lines + " lines of 100");
    }
  }

  private String ours() {
    return "s3://" + outputs + "/ours";
  }

  private static DataFrameWriter<Row> with(SecretSource source, Dataset<Row> rows) {
    return rows.write().mode("append").option(source.key(), source.canary());
  }

  private DataFrameReader read(SecretSource source, String format) {
    return spark.read().format(format).option(source.key(), source.canary());
  }

  private static void check(long expected, Dataset<Row> rows) {
    if (rows.count() != expected || rows.distinct().collectAsList().isEmpty()) {
      throw new IllegalStateException("Not " + expected + " rows");
    }
  }

  private interface Action {
    Object run() throws Exception;
  }

  /** Options that our sources do not know, a missing input, and tasks that fail. */
  private void failInEachWay(PrintWriter errors) {
    JavaRDD<Integer> one = context.parallelize(List.of(1), 1);
    fail(errors, () -> one.map(throwing()).count());
    fail(errors, () -> one.map(crashing()).count());
    fail(errors, () -> read(SecretSource.READ_OPTION_OURS, "letsdata-s3").load(ours()).count());
    fail(
        errors,
        () -> {
          with(SecretSource.WRITE_OPTION_OURS, spark.range(1).toDF())
              .format("letsdata-s3")
              .option("format", "parquet")
              .save(ours());
          return "written";
        });
    String nothing = "s3a://" + outputs + "/nothing";
    fail(errors, () -> read(SecretSource.READ_OPTION, "csv").load(nothing).count());
  }

  private static void fail(PrintWriter errors, Action action) {
    Object result;
    try {
      result = action.run();
    } catch (Exception e) {
      e.printStackTrace(errors);
      return;
    }
    throw new IllegalStateException("It ran: " + result);
  }

  private static Function<Integer, Integer> throwing() {
    return n -> {
      throw new IOException("Cannot log in with " + SecretSource.EXCEPTION.canary());
    };
  }

  /** Logs how it logs in, and leaves no time for a response. */
  private static Function<Integer, Integer> crashing() {
    return n -> {
      LoggerFactory.getLogger(SecretsApp.class)
          .warn("Logging in with password={}", SecretSource.LOG_LINE.canary());
      Runtime.getRuntime().halt(3);
      return n;
    };
  }
}
