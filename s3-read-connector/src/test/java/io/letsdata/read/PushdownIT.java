// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.manifest.ColumnStats;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.Snapshot;
import io.letsdata.store.ObjectStat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the manifest, keys and footers decide before objects are read. */
class PushdownIT {
  private static final int OBJECTS = 4;
  private static final int ROWS = 1000;

  private static final AtomicInteger TASKS = new AtomicInteger();

  private static LocalS3 s3;
  private static String parquet;
  private static byte[] longObject;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    s3 = LocalS3.start(folder);
    s3.spark()
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskStart(SparkListenerTaskStart started) {
                TASKS.incrementAndGet();
              }
            });
    List<ManifestEntry> files = new ArrayList<>();
    StructType schema = new StructType();
    for (int i = 0; i < OBJECTS; i++) {
      Dataset<Row> rows =
          s3.spark()
              .range((long) i * ROWS, (i + 1L) * ROWS, 1, 1)
              .selectExpr(
                  "id",
                  "if(id % 10 = 0, null, concat('n', id)) as name",
                  "named_struct('x', id, 'y', cast(id as string)) as pair");
      schema = rows.schema();
      byte[] object = written(rows, folder.resolve("p" + i));
      s3.put("day=" + i % 2 + "/" + i + ".parquet", object);
      ObjectStat stat = s3.store().stat(s3.put("p/" + i + ".parquet", object)).orElseThrow();
      files.add(
          new ManifestEntry(
              "s3://bucket/p/" + i + ".parquet",
              OptionalLong.of(stat.lengthBytes()),
              Optional.of(stat.etag()),
              OptionalLong.of(ROWS),
              Map.of(
                  "id",
                  new ColumnStats(
                      OptionalLong.of(0),
                      Optional.of("" + i * ROWS),
                      Optional.of("" + ((i + 1) * ROWS - 1))),
                  "name",
                  new ColumnStats(
                      OptionalLong.of(ROWS / 10), Optional.empty(), Optional.empty()))));
    }
    parquet = snapshot("parquet", schema, files);
    longObject =
        written(
            s3.spark()
                .range(0, 38_000, 1, 1)
                .selectExpr(
                    "id as a",
                    "sha2(cast(id as string), 256) as b",
                    "sha2(cast(id + 1 as string), 256) as c",
                    "sha2(cast(id + 2 as string), 256) as d",
                    "id % 5 as e",
                    "sha2(cast(id + 3 as string), 256) as f"),
            folder.resolve("long"));
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  private static byte[] written(Dataset<Row> rows, Path folder) throws Exception {
    rows.write().option("compression", "none").parquet(folder.toString());
    try (Stream<Path> parts = Files.list(folder)) {
      return Files.readAllBytes(
          parts.filter(f -> f.getFileName().toString().startsWith("part-")).findFirst().get());
    }
  }

  private static String snapshot(String format, StructType schema, List<ManifestEntry> files) {
    return new String(
        Manifests.toBytes(Snapshot.of("i", 1, format, Optional.of(schema.json()), Map.of(), files)),
        UTF_8);
  }

  private static DataFrameReader reader(String manifest) {
    return s3.spark().read().format("letsdata-s3").option("manifest-text", manifest);
  }

  private static String plan(Dataset<Row> data) {
    return data.queryExecution().executedPlan().toString();
  }

  /** The rows of a query that must start no task and send no request. */
  private static String withoutTasks(Dataset<Row> data) throws Exception {
    s3.spark().sparkContext().listenerBus().waitUntilEmpty();
    int before = TASKS.get();
    s3.countFromHere();

    String rows = data.collectAsList().toString();

    s3.spark().sparkContext().listenerBus().waitUntilEmpty();
    assertThat(TASKS.get()).isEqualTo(before);
    assertThat(s3.counted().requests()).isZero();
    return rows;
  }

  @Test
  void countAndBoundsOfACommittedOutputStartNoTask() throws Exception {
    reader(parquet).load().createOrReplaceTempView("t");

    assertThat(withoutTasks(s3.spark().sql("select count(*) from t"))).isEqualTo("[[4000]]");
    assertThat(
            withoutTasks(
                s3.spark()
                    .sql("select min(id), max(id) + 1, count(id), count(name), count(1) from t")))
        .isEqualTo("[[0,4000,4000,3600,4000]]");
    assertThat(reader(parquet).load().count()).isEqualTo(4000);
    assertThat(plan(s3.spark().sql("select count(*) from t"))).contains("LocalTableScan");
  }

  @Test
  void aggregatesThatTheManifestDoesNotAnswerAreRight() {
    reader(parquet).load().createOrReplaceTempView("t");

    assertThat(
            s3.spark()
                .sql(
                    "select (select max(name) from t), (select count(*) from t where id > 10), (select sum(id) from t), (select count(distinct id) from t)")
                .collectAsList()
                .toString())
        .isEqualTo("[[n999,3989,7998000,4000]]");
    assertThat(s3.spark().sql("select name is null, count(*) from t group by 1").count())
        .isEqualTo(2);
  }

  @Test
  void footersAnswerAggregatesWhenSparkIsAllowedTo() {
    s3.spark().conf().set("spark.sql.parquet.aggregatePushdown", "true");
    try {
      StringBuilder list = new StringBuilder();
      for (int i = 0; i < OBJECTS; i++) {
        list.append("s3://bucket/p/").append(i).append(".parquet\n");
      }
      Dataset<Row> data =
          reader(list.toString())
              .option("format", "parquet")
              .load()
              .selectExpr("count(*)", "min(id)", "max(id)", "count(name)");

      assertThat(data.collectAsList().toString()).isEqualTo("[[4000,0,3999,3600]]");
      assertThat(plan(data)).contains("columns: count(*), min(id), max(id), count(name)");
    } finally {
      s3.spark().conf().unset("spark.sql.parquet.aggregatePushdown");
    }
  }

  @Test
  void statisticsLeaveObjectsOutBeforeATaskStarts() {
    Dataset<Row> data = reader(parquet).load().where("id between 1500 and 1600").select("name");

    assertThat(plan(data)).contains("objects: 1 of 4 (3 left out by statistics)");
    assertThat(data.rdd().getNumPartitions()).isEqualTo(1);
    assertThat(data.count()).isEqualTo(101);
    assertThat(reader(parquet).load().where("id > 5000").count()).isZero();
  }

  @Test
  void statisticsCountForNothingWhenARowMayBeAnother() throws Exception {
    String location = "s3://bucket/stats/a.csv";
    s3.put("stats/a.csv", "1\n2\n3\n".getBytes(UTF_8));
    String csv =
        snapshot(
            "csv",
            StructType.fromDDL("id int"),
            List.of(
                new ManifestEntry(
                    location,
                    OptionalLong.of(6),
                    Optional.empty(),
                    OptionalLong.of(3),
                    Map.of(
                        "id",
                        new ColumnStats(OptionalLong.of(0), Optional.of("1"), Optional.of("3"))))));

    assertThat(reader(csv).load().where("id is null").count()).isZero();
    assertThat(reader(csv).option("nullValue", "2").load().where("id is null").count())
        .isEqualTo(1);
    assertThat(reader(csv).option("comment", "1").load().count()).isEqualTo(2);
    assertThat(reader(csv).option("pathGlobFilter", "*.x").load().count()).isZero();
  }

  @Test
  void limitReadsOnlyTheObjectsThatItNeeds() throws Exception {
    Dataset<Row> data = reader(parquet).load().select("id").limit(1001);
    s3.countFromHere();

    assertThat(data.collectAsList()).hasSize(1001);
    assertThat(plan(data)).contains("objects: 2 of 4").contains("limit: 1001");
    assertThat(s3.counted().get()).isLessThanOrEqualTo(2);
    assertThat(reader(parquet).load().where("id % 2 = 1").limit(1700).count()).isEqualTo(1700);
    assertThat(reader(parquet).load().select("id").offset(3990).limit(100).count()).isEqualTo(10);
  }

  @Test
  void valuesOfAJoinsOtherSideLeaveObjectsOut() throws Exception {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < OBJECTS; i++) {
      list.append("s3://bucket/day=").append(i % 2).append('/').append(i).append(".parquet\n");
    }
    Dataset<Row> days =
        s3.spark()
            .range(0, 50)
            .selectExpr("cast(id % 2 as int) as day", "id as note")
            .where("note = 1");
    reader(list.toString()).option("format", "parquet").load().createOrReplaceTempView("facts");
    days.createOrReplaceTempView("days");
    Dataset<Row> joined =
        s3.spark()
            .sql(
                "select /*+ BROADCAST(days) */ count(name), count(distinct facts.day) from facts join days on facts.day = days.day");
    s3.countFromHere();

    assertThat(joined.collectAsList().toString()).isEqualTo("[[1800,1]]");
    assertThat(plan(joined)).contains("dynamicpruning");
    assertThat(s3.counted().head()).isEqualTo(2); // one for each object that is read
  }

  @Test
  void tablesWithTheSamePartitionValuesJoinWithoutAShuffle() {
    s3.spark().conf().set("spark.sql.sources.v2.bucketing.enabled", "true");
    s3.spark().conf().set("spark.sql.autoBroadcastJoinThreshold", "-1");
    s3.spark().conf().set("spark.sql.adaptive.enabled", "false");
    s3.spark().conf().set("spark.sql.requireAllClusterKeysForCoPartition", "false");
    try {
      StringBuilder list = new StringBuilder();
      for (int i = 0; i < OBJECTS; i++) {
        list.append("s3://bucket/day=").append(i % 2).append('/').append(i).append(".parquet\n");
      }
      Dataset<Row> left =
          reader(list.toString())
              .option("format", "parquet")
              .option("files-per-task", "3")
              .load()
              .groupBy("day")
              .count();
      assertThat(plan(left)).doesNotContain("Exchange");
      assertThat(left.orderBy("day").collectAsList().toString()).isEqualTo("[[0,2000], [1,2000]]");
      Dataset<Row> a = reader(list.toString()).option("format", "parquet").load();
      Dataset<Row> b = reader(list.toString()).option("format", "parquet").load();
      Dataset<Row> joined =
          a.join(b, a.col("day").equalTo(b.col("day")).and(a.col("id").equalTo(b.col("id"))));
      assertThat(plan(joined)).doesNotContain("Exchange");
      assertThat(joined.count()).isEqualTo(4000);
    } finally {
      s3.spark().conf().unset("spark.sql.sources.v2.bucketing.enabled");
      s3.spark().conf().unset("spark.sql.autoBroadcastJoinThreshold");
      s3.spark().conf().unset("spark.sql.adaptive.enabled");
      s3.spark().conf().unset("spark.sql.requireAllClusterKeysForCoPartition");
    }
  }

  @Test
  void onlyTheFieldsThatAreNeededAreRead() {
    Dataset<Row> data = reader(parquet).load().select("pair.x");

    assertThat(data.queryExecution().optimizedPlan().toString()).contains("pair");
    assertThat(data.queryExecution().executedPlan().collectLeaves().head().schema().toDDL())
        .isEqualTo("pair STRUCT<x: BIGINT>");
    assertThat(data.distinct().count()).isEqualTo(4000);
  }

  @Test
  void tableSampleIsThatOfSpark() {
    Dataset<Row> data = reader(parquet).load();

    assertThat(data.sample(false, 0.25, 7).count()).isBetween(800L, 1200L);
  }

  @Test
  void longParquetObjectsCostTwoRequestsEach() throws Exception {
    assertThat(longObject.length).isBetween(9 << 20, 12 << 20);
    StringBuilder files = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      ObjectStat stat = s3.store().stat(s3.put("long/" + i + ".parquet", longObject)).orElseThrow();
      files
          .append(i == 0 ? "" : ",")
          .append(
              "{\"location\":\"s3://bucket/long/%s.parquet\",\"lengthBytes\":%s,\"etag\":\"%s\",\"rows\":38000}"
                  .formatted(i, stat.lengthBytes(), stat.etag()));
    }
    String ddl = "a bigint, b string, c string, d string, e bigint, f string";
    String manifest =
        "{\"letsdataManifest\":1,\"id\":\"i\",\"version\":1,\"format\":\"parquet\",\"schema\":%s,\"files\":[%s]}"
            .formatted(StructType.fromDDL(ddl).json(), files);

    s3.countFromHere();
    reader(manifest)
        .load()
        .selectExpr("sum(a)", "max(b)", "max(c)", "max(d)", "max(e)", "max(f)")
        .collectAsList();
    assertThat(s3.counted().get()).isLessThanOrEqualTo(16);
    assertThat(s3.counted().head() + s3.counted().list()).isZero();

    s3.countFromHere();
    reader(manifest).load().selectExpr("max(d)", "max(e)").collectAsList();
    assertThat(s3.counted().get()).isLessThanOrEqualTo(16);

    s3.countFromHere();
    assertThat(reader(manifest).load().count()).isEqualTo(304_000);
    assertThat(s3.counted().requests()).isZero();
  }
}
