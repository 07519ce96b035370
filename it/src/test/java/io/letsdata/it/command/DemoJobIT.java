// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.webcrawl.CrawlInput;
import com.example.webcrawl.WebCrawlJob;
import com.example.webcrawl.WetGenerator;
import io.letsdata.executor.account.RunReport;
import io.letsdata.executor.spark.RunReports;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.RequestCounts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job that the README's demo runs: its result, and what it costs in requests. */
@Tag("command")
@StoreAccess(data = "demo")
final class DemoJobIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final int FILES = 8;
  private static final int RECORDS = 400;
  private static final long SEED = 42;

  @Test
  void resultIsThatOfPlainSparkAndTheRequestsAreTheExpectedOnes(@TempDir Path folder)
      throws Exception {
    List<Row> expected = plainSpark(folder);
    ObjectLocation input = new ObjectLocation(STACK.bucket(), "demo/input");
    ObjectLocation output = new ObjectLocation(STACK.bucket(), "demo/output");
    CrawlInput crawl =
        CrawlInput.write(
            key -> Optional.ofNullable(STACK.lambdaConf().get(key, null)),
            input.toString(),
            new WetGenerator(SEED),
            FILES,
            RECORDS);

    RunReport report;
    List<Row> result;
    try (SparkSession spark =
        LambdaStack.session(
            STACK
                .lambdaConf()
                .set("spark.letsdata.lambda.store-response-after", "10m")
                .set("spark.letsdata.lambda.kill-watch-after", "10m"))) {
      WebCrawlJob.run(spark, crawl.manifest(), output.toString());
      report = RunReports.of(spark.sparkContext());
      result = rows(spark.read().format("letsdata-s3").load(output.toString()));
    }

    assertThat(result).isEqualTo(expected);
    assertThat(expected).hasSizeGreaterThan(5);
    assertThat(report.invocations()).isEqualTo(report.tasks());
    assertRequests(report);
  }

  /**
   * The plan: 8 tasks scan and aggregate; one coalesced task reads the shuffle by language to
   * sample the order and one to sort; one reads the sorted rows and writes.
   */
  private static void assertRequests(RunReport report) {
    RequestCounts workers = report.workerRequests();
    assertThat(report.tasks()).isEqualTo(11);
    assertThat(workers.put()).as("result; the shuffles are small and ride along").isEqualTo(1);
    long scans = FILES;
    assertThat(workers.get())
        .as("inputs, and up to three objects once an environment")
        .isBetween(scans, scans + 3 * LambdaStack.ENVIRONMENTS);
    assertThat(workers.head() + workers.list() + workers.delete() + workers.post()).isZero();
    RequestCounts driver = report.driverRequests();
    assertThat(driver.put()).as("conf, broadcast, committed manifest").isLessThanOrEqualTo(3);
    assertThat(driver.get()).as("input manifest").isEqualTo(1);
    assertThat(driver.list()).as("latest version of the output").isEqualTo(1);
    assertThat(driver.head()).isZero();
  }

  /** The same files and the same job's parts, with nothing of ours but the expressions. */
  private static List<Row> plainSpark(Path folder) throws IOException {
    WetGenerator generator = new WetGenerator(SEED);
    for (int file = 0; file < FILES; file++) {
      try (OutputStream out = Files.newOutputStream(folder.resolve(file + ".warc.wet.gz"))) {
        var unused = generator.write(file, RECORDS, out);
      }
    }
    SparkConf conf =
        new SparkConf().setMaster("local[2]").setAppName("it").set("spark.ui.enabled", "false");
    try (SparkSession spark = LambdaStack.session(conf)) {
      return rows(
          WebCrawlJob.contentLengths(
              WebCrawlJob.documents(
                  spark
                      .read()
                      .option("lineSep", WebCrawlJob.RECORD_SEPARATOR)
                      .text(folder.toString()))));
    }
  }

  private static List<Row> rows(org.apache.spark.sql.Dataset<Row> table) {
    return table
        .selectExpr("language", "`90th Percentile ContentLength`", "`# of Samples`")
        .orderBy(
            org.apache.spark.sql.functions.col("# of Samples").desc(),
            org.apache.spark.sql.functions.col("language"))
        .collectAsList();
  }
}
