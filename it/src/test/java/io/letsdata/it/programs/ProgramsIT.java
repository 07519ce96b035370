// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.apache.spark.sql.functions.callUDF;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.tasks.AddedJar;
import io.letsdata.it.tasks.ProgramTasks;
import io.letsdata.it.tasks.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.output.SequenceFileOutputFormat;
import org.apache.spark.JobArtifactSet;
import org.apache.spark.JobArtifactState;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.python.SimplePythonFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.python.UserDefinedPythonFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** The rows of COMPATIBILITY.md that need no session of their own. */
@Tag("programs")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class ProgramsIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final SparkSession SPARK =
      LambdaStack.session(
          STACK
              .lambdaConf()
              .set("spark.driver.maxResultSize", "12m")
              .set("spark.locality.wait", "1h") // a task that waits for a place would never run
              .setAppName("Token counter")
              .set("spark.shop.table", "password_changes") // no secret
              .set("spark.task.cpus", "2")
              .set("spark.scheduler.mode", "FAIR")
              .set("spark.executor.memory", "64g") // says nothing to a function
              .set("spark.plugins", ProgramTasks.Plugin.class.getName())
              .set("spark.sql.ansi.enabled", "true"));

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

  private static String whatTheUserReads(ThrowingCallable call) {
    StringWriter text = new StringWriter();
    assertThatThrownBy(call).satisfies(failure -> failure.printStackTrace(new PrintWriter(text)));
    return text.toString();
  }

  @Test
  void rddOperationsGiveWhatTheyGiveElsewhere() {
    JavaRDD<Integer> rdd = numbers(100, 4);

    assertThat(rdd.reduce(ProgramTasks.sum())).isEqualTo(4950);
    assertThat(
            rdd.keyBy(ProgramTasks.modulo(3))
                .groupByKey(3)
                .mapValues(ProgramTasks.count())
                .collectAsMap())
        .isEqualTo(Map.of(0, 34, 1, 33, 2, 33));
    assertThat(rdd.zipWithIndex().map(ProgramTasks.second()).take(3)).containsExactly(0L, 1L, 2L);
    assertThat(rdd.union(rdd).distinct(2).count()).isEqualTo(100);
    assertThat(rdd.sortBy(ProgramTasks.negative(), true, 2).first()).isEqualTo(99);
  }

  @Test
  void userDefinedFunctionRuns() {
    SPARK.udf().register("triple", ProgramTasks.triple(), DataTypes.LongType);

    List<Row> rows = SPARK.range(3).select(callUDF("triple", col("id"))).collectAsList();

    assertThat(rows).extracting(r -> r.getLong(0)).containsExactly(0L, 3L, 6L);
    assertThat(
            SPARK
                .range(20)
                .map(ProgramTasks.words(), Encoders.STRING())
                .groupBy("value")
                .count()
                .count())
        .isEqualTo(5);
  }

  @Test
  void resultTaskCountsItsAccumulatorOnceThoughItIsTriedTwice() {
    LongAccumulator rows = SPARK.sparkContext().longAccumulator();

    assertThat(numbers(4, 2).map(ProgramTasks.countThenFailOnce(rows)).collect()).hasSize(4);

    assertThat(rows.value()).isEqualTo(4);
  }

  @Test
  void broadcastInsideABroadcastIsFound() {
    Broadcast<int[]> inner = context().broadcast(new int[] {40});
    Broadcast<ProgramTasks.Holder> outer = context().broadcast(new ProgramTasks.Holder(inner));

    assertThat(numbers(2, 2).map(ProgramTasks.sumThrough(outer)).collect()).containsExactly(40, 41);
  }

  @Test
  void lineageOfHundredsOfStepsRuns() {
    JavaRDD<Integer> rdd = numbers(4, 2);
    for (int step = 0; step < 300; step++) {
      rdd = rdd.map(ProgramTasks.plusOne());
    }

    assertThat(rdd.collect()).containsExactly(300, 301, 302, 303);
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void endlessRecursionFailsItsTaskAndNamesTheError() {
    JavaRDD<Integer> recursive = numbers(1, 1).map(ProgramTasks.withoutEnd());

    assertThat(whatTheUserReads(recursive::collect))
        .contains("java.lang.StackOverflowError")
        .contains("raise -Xss in JAVA_TOOL_OPTIONS");
  }

  @Test
  void charsetOfATaskIsUtf8() {
    assertThat(
            context()
                .parallelize(List.of("Z\u00fcrich"), 1)
                .map(ProgramTasks.lengthInBytes())
                .collect())
        .containsExactly(7);
  }

  @Test
  void settingsThatOnlySoundLikeSecretsReachTasks() {
    context().setLocalProperty("shop.step", "tokenize");

    assertThat(
            numbers(1, 1)
                .map(ProgramTasks.propertyAndSetting("shop.step", "spark.shop.table"))
                .collect())
        .containsExactly("tokenize password_changes");
    assertThat(context().appName()).isEqualTo("Token counter");
    context().setLocalProperty("shop.step", null);
  }

  @Test
  void broadcastInsideAPartitionIsFound() {
    Broadcast<int[]> first = context().broadcast(new int[] {40});
    Broadcast<int[]> second = context().broadcast(new int[] {2});

    List<Integer> values =
        context().parallelize(List.of(first, second), 2).map(ProgramTasks.firstOf()).collect();

    assertThat(values).containsExactly(40, 2);
  }

  @Test
  void cachedObjectsThatCannotBeSerializedAreComputedAgain() {
    var cached = numbers(4, 2).map(ProgramTasks.notSerializable()).cache();

    assertThat(cached.count()).isEqualTo(4);
    assertThat(cached.map(ProgramTasks.valueOf()).reduce(ProgramTasks.sum())).isEqualTo(6);
    cached.unpersist(true);
  }

  @Test
  void cachedObjectsKeepTheirTransientFields() {
    var cached = numbers(4, 2).map(ProgramTasks.scored()).cache();

    assertThat(cached.count()).isEqualTo(4);
    assertThat(cached.map(ProgramTasks.scoreOf()).reduce(ProgramTasks.sum())).isEqualTo(60);
    cached.unpersist(true);
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void localCheckpointOfObjectsThatCannotBeSerializedSaysWhyItIsMissing() {
    var cut = numbers(4, 2).map(ProgramTasks.notSerializable());
    cut.rdd().localCheckpoint();
    assertThat(cut.count()).isEqualTo(4);

    String read = whatTheUserReads(() -> cut.map(ProgramTasks.valueOf()).collect());

    assertThat(read)
        .contains("Cannot read a block of localCheckpoint(): it is not in the store")
        .contains("Use checkpoint() with serializable values");
  }

  @Test
  void localIteratorFetchesOnePartitionAfterAnother() {
    Iterator<Integer> all = numbers(50, 3).toLocalIterator();

    List<Integer> seen = new ArrayList<>();
    all.forEachRemaining(seen::add);
    assertThat(seen).isEqualTo(IntStream.range(0, 50).boxed().toList());
  }

  @Test
  @ExpectedErrors("^TaskSetManager: Total size of serialized results of 2 tasks")
  void resultsUpToTheLimitArriveAndMoreIsRefused() {
    assertThat(numbers(1, 1).map(ProgramTasks.bytes(9 << 20)).collect().get(0)).hasSize(9 << 20);

    assertThat(whatTheUserReads(() -> numbers(2, 2).map(ProgramTasks.bytes(9 << 20)).collect()))
        .contains("is bigger than spark.driver.maxResultSize (12.0 MiB)");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void settingsOfTheSessionReachTasksWhenTheyChange() {
    SPARK.conf().set("spark.sql.shuffle.partitions", "3");
    SPARK.conf().set("spark.sql.adaptive.enabled", "false");
    try {
      assertThat(SPARK.range(10).repartition(col("id")).rdd().getNumPartitions()).isEqualTo(3);
      assertThat(whatTheUserReads(() -> SPARK.range(1).selectExpr("1 / id").collect()))
          .contains("DIVIDE_BY_ZERO");
      SPARK.conf().set("spark.sql.ansi.enabled", "false");
      assertThat(SPARK.range(1).selectExpr("1 / id").collectAsList().get(0).isNullAt(0)).isTrue();
    } finally {
      SPARK.conf().set("spark.sql.ansi.enabled", "true");
      SPARK.conf().unset("spark.sql.adaptive.enabled");
      SPARK.conf().set("spark.sql.shuffle.partitions", "4");
    }
  }

  @Test
  void cpusOfATaskAreWhatTheSessionSays() {
    assertThat(numbers(2, 2).mapPartitions(ProgramTasks.taskCpus()).collect())
        .containsExactly(2L, 2L);
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void pluginRunsOnBothSidesAndCannotAskTheDriverFromAWorker() {
    assertThat(numbers(2, 2).map(ProgramTasks.pluginState()).collect())
        .containsOnly("from the driver true");

    assertThat(whatTheUserReads(() -> numbers(1, 1).map(ProgramTasks.askTheDriver()).collect()))
        .contains("a Lambda worker has no connection to the driver");
  }

  @Test
  void jarAndArchiveOfARunningSessionReachTasks(@TempDir Path folder) throws IOException {
    Path jar = AddedJar.create(folder, "AddedLater", "from an added jar");

    context().addJar(jar.toString());

    assertThat(
            context().parallelize(List.of("AddedLater")).map(ProgramTasks.callByName()).collect())
        .containsExactly("from an added jar");

    SPARK.sparkContext().addArchive(jar + "#unpacked");

    assertThat(
            context()
                .parallelize(List.of("unpacked/note.txt"))
                .map(Tasks.contentOfFile())
                .collect())
        .containsExactly("note");
  }

  @Test
  void resourceProfileIsRefused() {
    var profile = new ResourceProfileBuilder().require(new TaskResourceRequests().cpus(1)).build();

    assertThat(whatTheUserReads(() -> numbers(2, 2).withResources(profile).collect()))
        .containsAnyOf("TaskResourceProfiles are only supported", "asks for a resource profile");
  }

  @Test
  void functionInPythonIsRefusedBeforeATaskStarts() {
    var python =
        new UserDefinedPythonFunction(
            "f",
            new SimplePythonFunction(
                new byte[] {1}, Map.of(), List.of(), "python3", "3.11", List.of(), null),
            DataTypes.LongType,
            100,
            true);

    assertThat(
            whatTheUserReads(
                () ->
                    SPARK
                        .range(2)
                        .select(
                            python.apply(
                                scala.collection.JavaConverters.asScalaBuffer(List.of(col("id")))
                                    .toSeq()))
                        .collect()))
        .contains("calls a function written in Python")
        .contains("built-in functions");
  }

  @Test
  void sparkConnectSessionIsRefused() {
    var state = new JobArtifactState("session", Option.apply("spark://driver:1/artifacts/session"));

    assertThat(
            whatTheUserReads(
                () ->
                    JobArtifactSet.withActiveJobArtifactState(
                        state,
                        new scala.runtime.AbstractFunction0<Object>() {
                          @Override
                          public Object apply() {
                            return numbers(1, 1).collect();
                          }
                        })))
        .contains("belongs to a Spark Connect session");
  }

  @Test
  @ExpectedErrors({"^FileFormatWriter: Aborting job", "^SparkHadoopWriter: Aborting job"})
  void localFilesAreNoPlaceToWriteTo(@TempDir Path folder) {
    JavaSparkContext spark = context();
    var pairs = spark.parallelize(List.of(1, 2), 2).mapToPair(ProgramTasks.textPair());

    for (ThrowingCallable write :
        List.<ThrowingCallable>of(
            () -> SPARK.range(3).write().parquet(folder.resolve("a").toUri().toString()),
            () ->
                spark
                    .parallelize(List.of(1), 1)
                    .saveAsTextFile(folder.resolve("b").toUri().toString()),
            () ->
                pairs.saveAsHadoopFile(
                    folder.resolve("c").toUri().toString(),
                    Text.class,
                    Text.class,
                    org.apache.hadoop.mapred.SequenceFileOutputFormat.class),
            () ->
                pairs.saveAsNewAPIHadoopFile(
                    folder.resolve("d").toString(), // no scheme: the default file system's
                    Text.class,
                    Text.class,
                    SequenceFileOutputFormat.class))) {
      assertThat(whatTheUserReads(write))
          .contains("Cannot write to", "a worker's own disk ends with it", "s3a://");
    }
    assertThat(folder.resolve("b/_SUCCESS")).doesNotExist();
  }
}
