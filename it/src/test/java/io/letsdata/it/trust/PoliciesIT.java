// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.policy.Permission;
import io.letsdata.fixtures.policy.PermissionTable;
import io.letsdata.fixtures.policy.Policy;
import io.letsdata.fixtures.policy.PolicyProxy;
import io.letsdata.fixtures.policy.PolicyProxy.Trouble;
import io.letsdata.fixtures.policy.PolicyResource;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ErrorLog;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Jobs behind a store that refuses what the policies of the caller do not grant: none is refused,
 * and no granted action is unused. What each part uses is what only fails without it.
 */
@Tag("trust")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExpectedErrors({
  ExpectedErrors.JOB_ABORTED,
  "^(AppendDataExec|OverwriteByExpressionExec|TransactionalExec|V2TableWriteExec): Data source write support",
  "^Utils: Aborting task",
  "^(Executor|LambdaSchedulerBackend): "
})
final class PoliciesIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final String UNIQUE = UUID.randomUUID().toString();
  private static final String RUNS = "policy-runs-" + UNIQUE;
  private static final String INPUTS = "policy-inputs-" + UNIQUE;
  private static final String OUTPUTS = "policy-outputs-" + UNIQUE;
  private static final String OUTPUT = "s3://" + OUTPUTS + "/out";

  private static final Map<String, PolicyResource> BUCKETS =
      Map.of(
          RUNS + "/runs", PolicyResource.RUNS,
          INPUTS + "/in", PolicyResource.INPUTS,
          OUTPUTS + "/out", PolicyResource.OUTPUTS);

  @Test
  void everyRequestIsAllowedAndEveryPermissionIsUsed() throws Exception {
    for (String bucket : List.of(RUNS, INPUTS, OUTPUTS)) {
      Files.createDirectories(folder(bucket));
    }
    try (PolicyProxy lambda =
            proxy(
                BUCKETS,
                Set.of(Policy.DRIVER, Policy.READER, Policy.WRITER_DRIVER),
                Set.of(Policy.FUNCTION, Policy.READER, Policy.WRITER_FUNCTION));
        PolicyProxy reader =
            proxy(
                Map.of(OUTPUTS + "/out", PolicyResource.INPUTS),
                Set.of(Policy.READER),
                Set.of(Policy.READER));
        PolicyProxy shuffle = proxy(BUCKETS, Set.of(Policy.SHUFFLE), Set.of());
        PolicyProxy cleaner = proxy(BUCKETS, Set.of(Policy.CLEANER), Set.of())) {
      try (SparkSession spark = LambdaStack.session(lambdaConf(lambda))) {
        exchangeAndWrite(spark, reader);
        failInEachPlace(spark, lambda);
      }
      shuffleOnAnotherMaster(shuffle);
      cleanUp(cleaner);

      List<Permission> unused = new ArrayList<>(PermissionTable.of(List.of(Policy.values())));
      unused.removeIf(permission -> !permission.resource().isInS3());
      for (PolicyProxy proxy : List.of(lambda, reader, shuffle, cleaner)) {
        assertThat(proxy.refused()).isEmpty();
        assertThat(proxy.pending()).isEmpty();
        unused.removeAll(proxy.used());
      }
      assertThat(unused).isEmpty();
    }
  }

  private static PolicyProxy proxy(
      Map<String, PolicyResource> objects, Set<Policy> ofOthers, Set<Policy> ofTheFunction)
      throws IOException {
    return PolicyProxy.start(STACK.cloud().s3Endpoint(), objects, ofOthers, ofTheFunction);
  }

  /** A bucket of the S3 server is a folder. */
  private static Path folder(String bucket) {
    return STACK.cloud().home().resolve("s3").resolve(bucket);
  }

  private static SparkConf lambdaConf(PolicyProxy proxy) {
    return STACK
        .lambdaConf()
        .set("spark.letsdata.s3.endpoint", proxy.endpoint().toString())
        .set("spark.letsdata.run.location", "s3://" + RUNS + "/runs")
        .set("spark.letsdata.lambda.concurrency", "1") // one partition after the other
        .set("spark.letsdata.lambda.kill-watch-after", "0s")
        .set("spark.letsdata.lambda.inline-limit", "0")
        .set("spark.letsdata.shuffle.inline-map-size", "0")
        .set("spark.letsdata.shuffle.part-size", "5m")
        .set("spark.shuffle.compress", "false")
        .set("spark.task.maxFailures", "1")
        .set("spark.sql.adaptive.enabled", "false");
  }

  private static void exchangeAndWrite(SparkSession spark, PolicyProxy reader) throws IOException {
    ObjectLocation object = new ObjectLocation(INPUTS, "in/lines.txt");
    ObjectLocation list = new ObjectLocation(INPUTS, "in/list.txt");
    var stored = STACK.store().put(object, ObjectContent.ofUtf8("a\nb\na\n"));
    var listed = STACK.store().put(list, ObjectContent.ofUtf8(object + "\n"));
    Dataset<Row> counts =
        spark
            .read()
            .format("letsdata-s3")
            .option("manifest", list.toString())
            .option("format", "text")
            .load()
            .groupBy("value")
            .count();
    write(counts, "json", "manifest", OUTPUT);
    write(counts, "json", "manifest", OUTPUT);
    write(counts, "json", "plain", OUTPUT + "/listed");
    assertThat(rows(spark, reader, OUTPUT)).isEqualTo(2 + 2);
    assertThat(rows(spark, reader, OUTPUT + "/listed")).isEqualTo(2);
    assertThat(spark.range(0, 100_000, 1, 1).selectExpr("uuid()").collectAsList()).hasSize(100_000);
    assertThat(stored).isNotEqualTo(listed);
  }

  private static long rows(SparkSession spark, PolicyProxy reader, String output) {
    return spark
        .read()
        .format("letsdata-s3")
        .option("spark.letsdata.s3.endpoint", reader.endpoint().toString())
        .load(output)
        .count();
  }

  /** Adds rows in objects of three. */
  private static void write(Dataset<Row> rows, String format, String layout, String output) {
    rows.write()
        .format("letsdata-s3")
        .option("format", format)
        .option("layout", layout)
        .option("maxRecordsPerFile", "3")
        .mode("append")
        .save(output);
  }

  /** Failures after which something has to be deleted, aborted or sent again. */
  private static void failInEachPlace(SparkSession spark, PolicyProxy proxy) {
    Dataset<Row> second =
        spark
            .range(0, 20, 1, 2)
            .selectExpr("if(id = 17, raise_error('the last object'), cast(id as string)) as value");
    for (String layout : List.of("manifest", "plain")) {
      assertThatThrownBy(() -> write(second, "text", layout, OUTPUT + "/" + layout))
          .hasStackTraceContaining("the last object");
    }

    proxy.plan(Trouble.COMPLETION_LOST);
    write(
        spark.range(0, 1, 1, 1).selectExpr("repeat(cast(id as string), 40000000) as value"),
        "text",
        "manifest",
        OUTPUT + "/large");

    proxy.plan(Trouble.PART_REFUSED);
    assertThatThrownBy(
            () -> {
              Row unused = spark.range(0, 3_000_000, 1, 1).toDF().repartition(4).first();
            })
        .hasStackTraceContaining("InvalidArgument");
  }

  private static void shuffleOnAnotherMaster(PolicyProxy proxy) throws IOException {
    SparkConf conf =
        lambdaConf(proxy).setMaster("local[2]").remove("spark.jars").set("spark.app.name", "local");
    try (SparkSession spark = LambdaStack.session(conf)) {
      assertThat(spark.range(0, 1000, 1, 4).repartition(3).groupBy().sum("id").first().getLong(0))
          .isEqualTo(499_500);
      String key = keysBelow("runs/" + spark.sparkContext().applicationId()).get(0);
      String root = key.substring(0, key.indexOf('/', "runs/".length()));
      var left = STACK.store().startMultipart(new ObjectLocation(RUNS, root + "/left"));
      assertThat(left.handle().uploadId()).isNotEmpty();
      proxy.plan(Trouble.PART_REFUSED);
      assertThatThrownBy(
              () -> {
                Row unused = spark.range(0, 3_000_000, 1, 1).toDF().repartition(4).first();
              })
          .hasStackTraceContaining("InvalidArgument");
    }
    assertThat(STACK.store().listUploads(RUNS, "runs/local")).isEmpty();
  }

  private static List<String> keysBelow(String prefix) {
    List<String> keys = new ArrayList<>();
    STACK
        .store()
        .listAll(RUNS, prefix)
        .forEachRemaining((ListedObject object) -> keys.add(object.location().key()));
    return keys;
  }

  private static void cleanUp(PolicyProxy proxy) throws Exception {
    String dead = "letsdata-" + UUID.randomUUID();
    ObjectLocation result = new ObjectLocation(RUNS, "runs/" + dead + "/result/1");
    OutputLayout layout = OutputLayout.of(OUTPUT);
    ObjectLocation orphan = new ObjectLocation(OUTPUTS, layout.dataKey(7, 1, "nonce", "json"));
    ObjectLocation unfinished = new ObjectLocation(OUTPUTS, layout.dataKey(8, 2, "nonce", "json"));
    var first = STACK.store().put(result, ObjectContent.ofUtf8("late"));
    var second = STACK.store().put(orphan, ObjectContent.ofUtf8("late"));
    assertThat(first).isEqualTo(second);
    for (ObjectLocation upload : List.of(result, unfinished)) {
      assertThat(STACK.store().startMultipart(upload).handle().location()).isEqualTo(upload);
    }
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    try (Stream<Path> files = Files.walk(folder(OUTPUTS))) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, old);
      }
    }

    String output = gc(proxy, "--application", dead, "--output", OUTPUT);

    assertThat(output).contains("1 objects, 4 bytes, 1 uploads  deleted");
    assertThat(STACK.store().listUploads(OUTPUTS, "")).isEmpty();
  }

  private static String gc(PolicyProxy proxy, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.letsdata.cli.Main",
                "gc",
                "--run-location",
                "s3://" + RUNS + "/runs"));
    STACK
        .storeProperties()
        .forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(List.of("--conf", "spark.letsdata.s3.endpoint=" + proxy.endpoint()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    ErrorLog.judge(output);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
