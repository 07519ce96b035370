package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.manifest.Manifest;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.read.LatestManifest;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.S3ProxyServer;
import io.letsdata.store.SharedStores;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real Spark writes to a real S3 server process; {@code load(output)} reads what was committed, and
 * only that.
 */
class ConnectorWriteIT {
  private static final String BUCKET = "bucket";
  private static final AtomicInteger OUTPUTS = new AtomicInteger();

  private static S3ProxyServer server;
  private static SparkSession spark;
  private static ObjectStore store;

  private String output = "";

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder, BUCKET);
    StoreSettings settings = StoreSettings.localStack(server.endpoint());
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2,3]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.codegen.wholeStage", "false");
    settings.toProperties().forEach(builder::config);
    spark = builder.getOrCreate();
    store = SharedStores.get(settings);
  }

  @AfterAll
  static void stop() {
    spark.stop();
    server.close();
  }

  @BeforeEach
  void newOutput() {
    output = "s3://" + BUCKET + "/out-" + OUTPUTS.incrementAndGet();
  }

  private static Dataset<Row> rows(long from, long to, int partitions) {
    return spark
        .range(from, to, 1, partitions)
        .selectExpr(
            "id",
            "concat('n', id) as name",
            "cast(id as decimal(12,2)) as price",
            "date'2026-01-02' as day");
  }

  private DataFrameWriter<Row> writer(Dataset<Row> data, String format, SaveMode mode) {
    return data.write().format("letsdata-s3").option("format", format).mode(mode);
  }

  private Dataset<Row> load() {
    return spark.read().format("letsdata-s3").load(output);
  }

  private static List<Row> sorted(Dataset<Row> data) {
    return data.collectAsList().stream()
        .sorted(Comparator.comparing((Row row) -> row.getLong(0)))
        .toList();
  }

  private List<String> keys(String folder) {
    List<String> keys = new ArrayList<>();
    store
        .listAll(BUCKET, OutputLayout.of(output).prefix() + "/" + folder)
        .forEachRemaining((ListedObject object) -> keys.add(object.location().key()));
    return keys;
  }

  static Stream<Arguments> everyFormat() {
    return Stream.of(
        Arguments.of("json", Map.of("compression", "gzip"), ".json.gz"),
        Arguments.of("csv", Map.of("header", "true", "sep", ";"), ".csv"),
        Arguments.of("csv", Map.of("codec", "gzip"), ".csv.gz"),
        Arguments.of("parquet", Map.of(), ".snappy.parquet"),
        Arguments.of("parquet", Map.of("compression", "zstd"), ".zstd.parquet"));
  }

  @ParameterizedTest
  @MethodSource
  void everyFormat(String format, Map<String, String> options, String extension) {
    Dataset<Row> data = rows(0, 100, 3);
    writer(data, format, SaveMode.Append).options(options).save(output);

    assertThat(load().schema()).isEqualTo(data.schema().asNullable());
    assertThat(sorted(load())).isEqualTo(sorted(data));
    assertThat(keys("data/")).hasSize(3).allMatch(key -> key.endsWith(extension));
  }

  @Test
  void textIsWrittenAndReadByLine() {
    Dataset<Row> data = spark.range(10).selectExpr("concat('line ', id) as value").coalesce(1);
    writer(data, "text", SaveMode.Overwrite).option("compression", "gzip").save(output);

    assertThat(load().collectAsList()).isEqualTo(data.collectAsList());
  }

  @Test
  void orderOfPartitionsAndRowsIsKept() {
    writer(rows(0, 1000, 7), "parquet", SaveMode.Append).save(output);

    assertThat(load().select("id").as(Encoders.LONG()).collectAsList()).isSorted().hasSize(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "parquet"})
  void outputWithoutRowsIsReadableWithItsSchema(String format) {
    Dataset<Row> data = rows(0, 0, 2);
    writer(data, format, SaveMode.Overwrite).save(output);

    assertThat(load().schema()).isEqualTo(data.schema().asNullable());
    assertThat(load().collectAsList()).isEmpty();
    assertThat(keys("data/")).isEmpty();
  }

  @Test
  void emptyPartitionsStoreNoObject() {
    writer(rows(0, 40, 4).where("id < 10"), "csv", SaveMode.Append).save(output);

    assertThat(keys("data/")).hasSize(1);
    assertThat(load().count()).isEqualTo(10);
  }

  @Test
  void appendAddsAndOverwriteReplaces() {
    writer(rows(0, 10, 2), "json", SaveMode.Append).save(output);
    writer(rows(10, 20, 2), "json", SaveMode.Append).save(output);
    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 20, 1)));

    writer(rows(50, 60, 2), "parquet", SaveMode.Overwrite).save(output);
    assertThat(sorted(load())).isEqualTo(sorted(rows(50, 60, 1)));
  }

  @Test
  void existingOutputIsNotTouchedByErrorIfExistsAndIgnore() {
    writer(rows(0, 10, 2), "json", SaveMode.ErrorIfExists).save(output);

    assertThatThrownBy(() -> writer(rows(10, 20, 2), "json", SaveMode.ErrorIfExists).save(output))
        .hasMessageContaining(output);
    writer(rows(10, 20, 2), "json", SaveMode.Ignore).save(output);

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 10, 1)));
    assertThat(keys("data/")).hasSize(2);
  }

  @Test
  void appendOfOtherColumnsIsRefusedBeforeAnyTaskRuns() {
    writer(rows(0, 10, 2), "parquet", SaveMode.Append).save(output);
    RequestCounts before = RequestMeter.PROCESS.counts();

    assertThatThrownBy(
            () ->
                writer(rows(0, 10, 2).withColumnRenamed("name", "nom"), "parquet", SaveMode.Append)
                    .save(output))
        .hasMessageContaining("Cannot append to " + output)
        .hasMessageContaining("name string")
        .hasMessageContaining("nom string");
    assertThat(RequestMeter.PROCESS.counts().minus(before).put()).isZero();
  }

  @Test
  void appendOfAnotherFormatIsRefused() {
    writer(rows(0, 10, 2), "parquet", SaveMode.Append).save(output);

    assertThatThrownBy(() -> writer(rows(0, 10, 2), "csv", SaveMode.Append).save(output))
        .hasMessageContaining("its files are parquet, the job's are csv");
  }

  @Test
  void eightTasksAreEightPutsAndOneManifest() {
    RequestCounts before = RequestMeter.PROCESS.counts();

    writer(rows(0, 800, 8), "parquet", SaveMode.Overwrite).save(output);

    RequestCounts cost = RequestMeter.PROCESS.counts().minus(before);
    assertThat(cost.put()).isEqualTo(9);
    assertThat(cost.list()).isEqualTo(1);
    assertThat(cost.head() + cost.get() + cost.delete() + cost.post()).isZero();
  }

  @Test
  void tasksCountWhatTheyWrote() {
    AtomicLong rows = new AtomicLong();
    AtomicLong bytes = new AtomicLong();
    CountDownLatch ended = new CountDownLatch(2);
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            rows.addAndGet(end.taskMetrics().outputMetrics().recordsWritten());
            bytes.addAndGet(end.taskMetrics().outputMetrics().bytesWritten());
            ended.countDown();
          }
        };
    spark.sparkContext().addSparkListener(listener);
    try {
      writer(rows(0, 10, 2), "json", SaveMode.Append).save(output);
      Awaitility.await().until(() -> ended.getCount() == 0);
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }

    assertThat(rows).hasValue(10);
    assertThat(bytes).hasPositiveValue();
  }

  @Test
  void missingBucketIsNamed() {
    assertThatThrownBy(
            () -> writer(rows(0, 1, 1), "json", SaveMode.Append).save("s3://no-such-bucket/out"))
        .hasMessageContaining("no-such-bucket");
  }

  @Test
  void appendCostsOneReadOfTheManifestMore() {
    writer(rows(0, 800, 8), "parquet", SaveMode.Append).save(output);
    RequestCounts before = RequestMeter.PROCESS.counts();

    writer(rows(800, 1600, 8), "parquet", SaveMode.Append).save(output);

    RequestCounts cost = RequestMeter.PROCESS.counts().minus(before);
    assertThat(cost.put()).isEqualTo(9);
    assertThat(cost.requests()).isLessThanOrEqualTo(12);
  }

  @Test
  void strayObjectAmongTheDataIsNotRead() throws IOException {
    writer(rows(0, 10, 2), "json", SaveMode.Append).save(output);

    OutputLayout layout = OutputLayout.of(output);
    store.put(
        new ObjectLocation(BUCKET, layout.dataKey(0, 0, "zombie", "json")),
        ObjectContent.ofUtf8("{\"id\":666}\n"));

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 10, 1)));
  }

  @Test
  void rowLimitSplitsTheObjectsOfATask() {
    writer(rows(0, 10, 1), "json", SaveMode.Append).option("maxRecordsPerFile", "4").save(output);

    assertThat(keys("data/")).hasSize(3);
    assertThat(load().count()).isEqualTo(10);
  }

  @Test
  void unknownOptionNamesTheNearest() {
    assertThatThrownBy(
            () ->
                writer(rows(0, 1, 1), "json", SaveMode.Append)
                    .option("compresion", "gzip")
                    .save(output))
        .hasMessageContaining("compresion")
        .hasMessageContaining("did you mean 'compression'?");
  }

  @Test
  void missingFormatIsNamed() {
    assertThatThrownBy(
            () -> rows(0, 1, 1).write().format("letsdata-s3").mode("append").save(output))
        .hasMessageContaining("option format is missing");
  }

  @Test
  void partitionByIsRefused() {
    assertThatThrownBy(
            () -> writer(rows(0, 1, 1), "json", SaveMode.Append).partitionBy("day").save(output))
        .hasMessageContaining("partition");
  }

  private static final class Gate {
    static volatile CountDownLatch open = new CountDownLatch(0);
    static final AtomicInteger FAILURES = new AtomicInteger();
  }

  @Test
  void nothingIsVisibleBeforeTheCommit() throws Exception {
    writer(rows(0, 10, 2), "json", SaveMode.Append).save(output);
    CountDownLatch gate = new CountDownLatch(1);
    Gate.open = gate;
    Dataset<Row> slow =
        spark
            .range(10, 20, 1, 2)
            .map(
                (MapFunction<Long, Long>)
                    id -> {
                      if (id == 19) {
                        Gate.open.await();
                      }
                      return id;
                    },
                Encoders.LONG())
            .selectExpr(
                "value as id",
                "concat('n', value) as name",
                "cast(value as decimal(12,2)) as price",
                "date'2026-01-02' as day");
    ExecutorService threads = Executors.newSingleThreadExecutor();

    Future<?> write = threads.submit(() -> writer(slow, "json", SaveMode.Append).save(output));
    Awaitility.await().until(() -> keys("data/").size() == 3);
    try {
      List<Row> meanwhile =
          spark.read().format("letsdata-s3").load(output).coalesce(1).collectAsList();
      assertThat(meanwhile).hasSize(10);
    } finally {
      gate.countDown();
    }
    write.get(60, TimeUnit.SECONDS);
    threads.shutdown();

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 20, 1)));
  }

  @Test
  void attemptThatFailedLeavesNoTrace() {
    Gate.FAILURES.set(1);
    writer(failing(), "json", SaveMode.Append).save(output);

    assertThat(load().count()).isEqualTo(10);
    assertThat(keys("data/")).hasSize(2);
  }

  @Test
  void jobThatFailedPublishesNothingAndDeletesItsObjects() {
    Gate.FAILURES.set(3);
    CountDownLatch otherTaskEnded = new CountDownLatch(1);
    Gate.open = otherTaskEnded;
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.reason() == org.apache.spark.Success$.MODULE$) {
              otherTaskEnded.countDown();
            }
          }
        };
    spark.sparkContext().addSparkListener(listener);

    try {
      assertThatThrownBy(() -> writer(failing(), "json", SaveMode.Append).save(output))
          .hasStackTraceContaining("planted");
    } finally {
      spark.sparkContext().removeSparkListener(listener);
      Gate.open = new CountDownLatch(0);
    }

    assertThat(keys("")).isEmpty();
  }

  /**
   * Ten rows in two partitions; the second fails at its last row as often as {@link Gate#FAILURES}
   * says.
   */
  private static Dataset<Row> failing() {
    return spark
        .range(0, 10, 1, 2)
        .map(
            (MapFunction<Long, Long>)
                id -> {
                  if (id == 9 && TaskContext.get().attemptNumber() < Gate.FAILURES.get()) {
                    Gate.open.await();
                    throw new IllegalStateException("planted");
                  }
                  return id;
                },
            Encoders.LONG())
        .selectExpr("value as id");
  }

  @Test
  void concurrentAppendsAreAllPresent() throws Exception {
    int writers = 6;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      long from = i * 10L;
      running.add(
          threads.submit(
              () -> writer(rows(from, from + 10, 2), "parquet", SaveMode.Append).save(output)));
    }
    for (Future<?> write : running) {
      write.get(120, TimeUnit.SECONDS);
    }
    threads.shutdown();

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 60, 1)));
    Manifest latest = LatestManifest.find(store, OutputLayout.of(output)).orElseThrow();
    assertThat(latest.version()).isEqualTo(writers);
    assertThat(latest.totalRows()).hasValue(60);
  }

  @Test
  void plainLayoutIsReadByToolsThatList() throws IOException {
    Dataset<Row> data = rows(0, 30, 3);
    writer(data, "json", SaveMode.Append)
        .option("layout", "plain")
        .option("compression", "gzip")
        .save(output);
    writer(rows(30, 40, 1), "json", SaveMode.Append)
        .option("layout", "plain")
        .option("compression", "gzip")
        .save(output);

    assertThat(sorted(load())).isEqualTo(sorted(rows(0, 40, 1)));
    List<String> listed = keys("part-");
    assertThat(listed).hasSize(4).allMatch(key -> key.endsWith(".json.gz"));
    assertThat(keys("")).hasSize(listed.size() + 2);

    writer(rows(50, 60, 1), "json", SaveMode.Overwrite).option("layout", "plain").save(output);

    assertThat(keys("part-")).hasSize(1);
    assertThat(sorted(load())).isEqualTo(sorted(rows(50, 60, 1)));
  }
}
