// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.ProgramTasks;
import io.letsdata.it.tasks.Tasks;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;

/**
 * Caches, checkpoints and ordinary {@code s3a://} files, in a session that serializes with Kryo.
 */
@Tag("programs")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@StoreAccess(
    data = {
      "written-under-kryo",
      "checkpoints",
      "files",
      "committer-1",
      "committer-2",
      "magic",
      "text",
      "partitioned"
    })
final class CachingIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final SparkSession SPARK =
      LambdaStack.session(
          STACK
              .lambdaConf()
              .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
              .set("spark.kryo.registrator", ProgramTasks.Registrator.class.getName())
              .set("spark.memory.offHeap.enabled", "true")
              .set("spark.memory.offHeap.size", "32m")
              .set("spark.io.compression.codec", "zstd"));

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  }

  private static JavaRDD<Integer> numbers(int count, int partitions) {
    return context().parallelize(IntStream.range(0, count).boxed().toList(), partitions);
  }

  private static String s3a(String path) {
    return "s3a://" + STACK.bucket() + "/" + path;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MEMORY_ONLY",
        "MEMORY_ONLY_SER",
        "MEMORY_AND_DISK",
        "MEMORY_AND_DISK_SER",
        "MEMORY_AND_DISK_2",
        "DISK_ONLY",
        "DISK_ONLY_2",
        "OFF_HEAP"
      })
  void everyStorageLevelComputesOnceAndForgetsWhenTold(String level) {
    LongAccumulator computed = SPARK.sparkContext().longAccumulator();
    JavaRDD<Integer> cached =
        numbers(6, 2).map(Tasks.counting(computed)).persist(StorageLevel.fromString(level));

    assertThat(cached.count()).isEqualTo(6);
    assertThat(cached.collect()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(computed.value()).isEqualTo(6);
    assertThat(storageOf(cached))
        .singleElement()
        .satisfies(info -> assertThat(info.numCachedPartitions()).isEqualTo(2))
        .satisfies(info -> assertThat(info.diskSize()).isPositive());

    cached.unpersist(true);
    assertThat(storageOf(cached)).isEmpty();
    cached.persist(StorageLevel.fromString(level));
    assertThat(cached.count()).isEqualTo(6);
    assertThat(computed.value()).isEqualTo(12);
    cached.unpersist(true);
  }

  /** Of this one alone: what other tests cached is there until the collector has seen it. */
  private static List<RDDInfo> storageOf(JavaRDD<Integer> cached) {
    return Arrays.stream(SPARK.sparkContext().getRDDStorageInfo())
        .filter(info -> info.id() == cached.id())
        .toList();
  }

  @Test
  void cachedTableIsReadFromTheCache() {
    LongAccumulator computed = SPARK.sparkContext().longAccumulator();
    Dataset<Row> table =
        SPARK
            .createDataset(
                numbers(20, 2).map(Tasks.counting(computed)).rdd(),
                org.apache.spark.sql.Encoders.INT())
            .toDF("n");
    table.createOrReplaceTempView("numbers");
    SPARK.catalog().cacheTable("numbers");

    assertThat(SPARK.sql("select sum(n) from numbers").first().getLong(0)).isEqualTo(190);
    assertThat(SPARK.sql("select max(n) from numbers").first().getInt(0)).isEqualTo(19);
    assertThat(computed.value()).isEqualTo(20);
    SPARK.catalog().uncacheTable("numbers");
  }

  @Test
  void driverReadsACachedBlockFromTheStore() {
    JavaRDD<Integer> cached = numbers(6, 2).cache();
    assertThat(cached.count()).isEqualTo(6);

    var block = blockInTheDriver(cached, 1);

    assertThat(block.isDefined()).isTrue();
    assertThat(JavaConverters.seqAsJavaList(block.get().data().toSeq()))
        .isEqualTo(List.of(3, 4, 5));
    cached.unpersist(true);
    assertThat(blockInTheDriver(cached, 1).isDefined()).isFalse();
  }

  private static Option<BlockResult> blockInTheDriver(JavaRDD<?> cached, int partition) {
    return SPARK
        .sparkContext()
        .env()
        .blockManager()
        .get(new RDDBlockId(cached.id(), partition), ClassTag$.MODULE$.Any());
  }

  @Test
  void localCheckpointCutsTheLineage() {
    LongAccumulator computed = SPARK.sparkContext().longAccumulator();
    JavaRDD<Integer> rdd = numbers(4, 2).map(Tasks.counting(computed));
    rdd.rdd().localCheckpoint();

    assertThat(rdd.count()).isEqualTo(4);
    assertThat(rdd.collect()).containsExactly(0, 1, 2, 3);

    assertThat(computed.value()).isEqualTo(4);
    assertThat(rdd.toDebugString()).contains("LocalCheckpointRDD");
  }

  @Test
  void reliableCheckpointLiesInTheStore() {
    context().setCheckpointDir(s3a("checkpoints"));
    JavaRDD<Integer> rdd = numbers(4, 2);
    rdd.checkpoint();

    assertThat(rdd.count()).isEqualTo(4);

    assertThat(rdd.getCheckpointFile().get()).startsWith(s3a("checkpoints"));
    assertThat(rdd.toDebugString()).contains("ReliableCheckpointRDD");
    assertThat(rdd.collect()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void valuesThatOnlyKryoKnowsTravelShuffleAndAreCached() {
    JavaRDD<ProgramTasks.OnlyKryo> values =
        context().parallelize(List.of("a", "b", "c"), 2).map(ProgramTasks.onlyKryo());
    values.persist(StorageLevel.MEMORY_ONLY_SER());

    assertThat(values.map(ProgramTasks.nameOf()).collect()).containsExactly("a", "b", "c");
    assertThat(values.repartition(3).map(ProgramTasks.nameOf()).collect())
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(values.collect()).extracting(v -> v.name).containsExactly("a", "b", "c");

    Broadcast<ProgramTasks.OnlyKryo> broadcast =
        context().broadcast(new ProgramTasks.OnlyKryo("sent"));
    assertThat(numbers(1, 1).map(ProgramTasks.nameThrough(broadcast)).collect())
        .containsExactly("sent");
    values.unpersist(true);
  }

  @Test
  void connectorWritesAndReadsUnderKryo() {
    String output = "s3://" + STACK.bucket() + "/written-under-kryo";

    SPARK
        .range(0, 100, 1, 2)
        .write()
        .format("letsdata-s3")
        .option("format", "parquet")
        .save(output);

    assertThat(SPARK.read().format("letsdata-s3").load(output).count()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "parquet, snappy",
    "parquet, zstd",
    "parquet, lz4raw",
    "orc, zlib",
    "csv, gzip",
    "json, none"
  })
  void filesOfTheUserAreWrittenAndReadByWorkers(String format, String compression) {
    String path = s3a("files/" + format + "-" + compression);

    SPARK
        .range(0, 1000, 1, 3)
        .selectExpr("id", "cast(id as string) as name")
        .write()
        .option("compression", compression)
        .option("header", "true")
        .format(format)
        .save(path);

    Dataset<Row> back =
        SPARK
            .read()
            .format(format)
            .option("header", "true")
            .option("inferSchema", "true")
            .load(path);
    assertThat(back.selectExpr("sum(id)").first().getLong(0)).isEqualTo(499_500);
    assertThat(back.select("name").distinct().count()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void bothVersionsOfHadoopsCommitterWriteEachRowOnce(String version) {
    String path = s3a("committer-" + version);

    SPARK
        .range(0, 100, 1, 4)
        .write()
        .option("mapreduce.fileoutputcommitter.algorithm.version", version)
        .parquet(path);

    assertThat(SPARK.read().parquet(path).count()).isEqualTo(100);
    assertThat(namesBelow("committer-" + version))
        .contains("_SUCCESS")
        .noneMatch(name -> name.contains("_temporary"));
  }

  @Test
  void magicCommitterWritesWithoutRenames() throws IOException {
    String path = s3a("magic");

    SPARK
        .range(0, 100, 1, 4)
        .write()
        .option(
            "mapreduce.outputcommitter.factory.scheme.s3a",
            "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory")
        .option("fs.s3a.committer.name", "magic")
        .csv(path);

    assertThat(SPARK.read().csv(path).count()).isEqualTo(100);
    assertThat(STACK.store().readUtf8(new ObjectLocation(STACK.bucket(), "magic/_SUCCESS")))
        .contains("\"committer\":\"magic\"");
  }

  @Test
  void rddsAreSavedAsTextAndReadBack() {
    numbers(10, 2).saveAsTextFile(s3a("text"));

    assertThat(context().textFile(s3a("text"), 2).collect())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 10).mapToObj(String::valueOf).toList());
  }

  @Test
  void dynamicOverwriteReplacesOnlyThePartitionsThatAreWritten() {
    String path = s3a("partitioned");
    SPARK
        .range(0, 30, 1, 2)
        .selectExpr("id", "id % 3 as day")
        .write()
        .partitionBy("day")
        .parquet(path);

    SPARK
        .range(100, 102, 1, 1)
        .selectExpr("id", "1 as day")
        .write()
        .mode(SaveMode.Overwrite)
        .option("partitionOverwriteMode", "dynamic")
        .partitionBy("day")
        .parquet(path);

    Map<Integer, Long> rows =
        SPARK.read().parquet(path).groupBy("day").count().collectAsList().stream()
            .collect(java.util.stream.Collectors.toMap(r -> r.getInt(0), r -> r.getLong(1)));
    assertThat(rows).isEqualTo(Map.of(0, 10L, 1, 2L, 2, 10L));
  }

  private static List<String> namesBelow(String prefix) {
    try {
      var folder = new org.apache.hadoop.fs.Path(s3a(prefix));
      return Arrays.stream(
              folder.getFileSystem(SPARK.sparkContext().hadoopConfiguration()).listStatus(folder))
          .map(status -> status.getPath().getName())
          .toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
