// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.ProgramTasks;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.Heartbeat;
import org.apache.spark.HeartbeatResponse;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.TaskKilled;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.ReplayListenerBus;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.Utils$;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;

/** What Spark shows of a run: listeners, status store, REST API, event log; and cancelling. */
@Tag("programs")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@StoreAccess(data = "metrics")
final class UiIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final Path EVENTS = Path.of(Utils$.MODULE$.createTempDir().toString());
  private static final SparkSession SPARK = LambdaStack.session(conf());
  private static final Recorder SEEN = new Recorder();

  private static SparkConf conf() {
    return STACK
        .lambdaConf()
        .set("spark.ui.enabled", "true")
        .set("spark.ui.port", "0")
        .set("spark.eventLog.enabled", "true")
        .set("spark.eventLog.dir", EVENTS.toUri().toString())
        .set("spark.letsdata.lambda.kill-watch-after", "200ms")
        .set("spark.speculation", "true")
        .set("spark.speculation.interval", "100ms")
        .set("spark.speculation.quantile", "0.5")
        .set("spark.speculation.minTaskRuntime", "3s");
  }

  /** Keeps the events of this class's jobs. */
  private static final class Recorder extends SparkListener {
    final List<SparkListenerTaskEnd> tasks = new CopyOnWriteArrayList<>();
    final List<String> executors = new CopyOnWriteArrayList<>();
    final List<Object> stagesOfJobs = new CopyOnWriteArrayList<>();
    final List<SparkListenerTaskStart> starts = new CopyOnWriteArrayList<>();

    @Override
    public void onJobStart(SparkListenerJobStart event) {
      stagesOfJobs.addAll(JavaConverters.seqAsJavaList(event.stageIds()));
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
      starts.add(event);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      tasks.add(event);
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded event) {
      executors.add(event.executorId());
    }

    long started(Set<Object> stages) {
      return starts.stream().filter(task -> stages.contains(task.stageId())).count();
    }

    List<SparkListenerTaskEnd> ended(Set<Object> stages) {
      return tasks.stream().filter(task -> stages.contains(task.stageId())).toList();
    }
  }

  @BeforeAll
  static void listen() {
    SPARK.sparkContext().addSparkListener(SEEN);
  }

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  private static JavaRDD<Integer> numbers(int count, int partitions) {
    return JavaSparkContext.fromSparkContext(SPARK.sparkContext())
        .parallelize(IntStream.range(0, count).boxed().toList(), partitions);
  }

  /** How the tasks of {@code job} ended; one that is killed may end after its job. */
  private static List<SparkListenerTaskEnd> tasksOf(Runnable job) throws Exception {
    awaitEvents();
    int before = SEEN.stagesOfJobs.size();
    job.run();
    awaitEvents();
    Set<Object> stages = Set.copyOf(SEEN.stagesOfJobs.subList(before, SEEN.stagesOfJobs.size()));
    await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> SEEN.ended(stages).size() == SEEN.started(stages));
    return SEEN.ended(stages);
  }

  private static void awaitEvents() throws Exception {
    SPARK.sparkContext().listenerBus().waitUntilEmpty(Duration.ofMinutes(5).toMillis());
  }

  private static long sum(List<SparkListenerTaskEnd> tasks, ToLongFunction<TaskMetrics> metric) {
    return tasks.stream()
        .filter(task -> task.taskInfo().successful())
        .mapToLong(task -> metric.applyAsLong(task.taskMetrics()))
        .sum();
  }

  private static JsonNode rest(String what) throws IOException {
    String application = SPARK.sparkContext().applicationId();
    URI uri =
        URI.create(
            SPARK.sparkContext().uiWebUrl().get()
                + "/api/v1/applications/"
                + application
                + "/"
                + what);
    try (InputStream in = uri.toURL().openStream()) {
      return new ObjectMapper().readTree(in);
    }
  }

  @Test
  void metricsOfTasksAreThoseOfTheirWork() throws Exception {
    String in = "s3a://" + STACK.bucket() + "/metrics/in";
    String out = "s3a://" + STACK.bucket() + "/metrics/out";
    SPARK.range(0, 10_000, 1, 2).write().parquet(in);

    List<SparkListenerTaskEnd> tasks =
        tasksOf(
            () ->
                SPARK
                    .read()
                    .parquet(in)
                    .selectExpr("id % 100 as k", "id")
                    .repartition(3)
                    .groupBy("k")
                    .count()
                    .write()
                    .parquet(out));

    assertThat(sum(tasks, m -> m.inputMetrics().recordsRead())).isEqualTo(10_000);
    assertThat(sum(tasks, m -> m.inputMetrics().bytesRead())).isPositive();
    assertThat(sum(tasks, m -> m.outputMetrics().recordsWritten())).isEqualTo(100);
    assertThat(sum(tasks, m -> m.outputMetrics().bytesWritten())).isPositive();
    assertThat(sum(tasks, m -> m.shuffleReadMetrics().recordsRead()))
        .isEqualTo(sum(tasks, m -> m.shuffleWriteMetrics().recordsWritten()))
        .isGreaterThan(10_000);
    assertThat(sum(tasks, m -> m.shuffleReadMetrics().remoteBytesRead()))
        .isEqualTo(sum(tasks, m -> m.shuffleWriteMetrics().bytesWritten()))
        .isPositive();
    assertThat(sum(tasks, TaskMetrics::executorRunTime)).isPositive();
    assertThat(sum(tasks, TaskMetrics::executorCpuTime)).isPositive();
    assertThat(sum(tasks, TaskMetrics::peakExecutionMemory)).isPositive();
    assertThat(sum(tasks, TaskMetrics::resultSize)).isPositive();

    JsonNode stages = rest("stages?status=complete");
    long read = 0;
    for (JsonNode stage : stages) {
      read += stage.get("inputRecords").asLong();
    }
    assertThat(read).isGreaterThanOrEqualTo(10_000);
  }

  @Test
  void slotsAreShownAsExecutorsThatNeedNoHeartbeat() throws Exception {
    tasksOf(() -> assertThat(numbers(8, 8).count()).isEqualTo(8));

    JsonNode executors = rest("executors");

    List<String> ids = new ArrayList<>();
    long tasks = 0;
    for (JsonNode executor : executors) {
      ids.add(executor.get("id").asText());
      if (executor.get("id").asText().startsWith("lambda-")) {
        tasks += executor.get("completedTasks").asLong();
        assertThat(executor.get("isActive").asBoolean()).isTrue();
        assertThat(executor.get("activeTasks").asLong()).isNotNegative();
        assertThat(executor.get("totalCores").asInt()).isEqualTo(1);
      }
    }
    assertThat(ids).contains("driver", "lambda-0", "lambda-1");
    assertThat(tasks).isGreaterThanOrEqualTo(8);
    assertThat(SPARK.sparkContext().statusTracker().getExecutorInfos())
        .extracting(SparkExecutorInfo::host)
        .contains("lambda-0", "lambda-1");
    assertThat(SPARK.sparkContext().getExecutorMemoryStatus().size()).isEqualTo(2);
    await()
        .atMost(Duration.ofMinutes(5))
        .untilAsserted(() -> assertThat(isExpectedToBeat("lambda-0")).isFalse());
  }

  /** Spark's receiver answers an executor that it does not know that it should register again. */
  @SuppressWarnings({"rawtypes", "unchecked"}) // no accumulators: an empty array of pairs
  private static boolean isExpectedToBeat(String executor) {
    var env = SPARK.sparkContext().env();
    var receiver = env.rpcEnv().setupEndpointRef(env.rpcEnv().address(), "HeartbeatReceiver");
    HeartbeatResponse answer =
        receiver.askSync(
            new Heartbeat(
                executor,
                new Tuple2[0],
                BlockManagerId.apply("letsdata-store", "store.invalid", 1, Option.empty()),
                scala.collection.mutable.Map$.MODULE$.empty()),
            ClassTag$.MODULE$.apply(HeartbeatResponse.class));
    return !answer.reregisterBlockManager();
  }

  @Test
  void stragglerIsOvertakenByItsCopy() throws Exception {
    List<SparkListenerTaskEnd> tasks =
        tasksOf(
            () -> assertThat(numbers(4, 4).map(ProgramTasks.straggleOnce()).collect()).hasSize(4));

    assertThat(tasks).anyMatch(t -> t.taskInfo().speculative() && t.taskInfo().successful());
  }

  @Test
  void failedAttemptTellsItsException() throws Exception {
    LongAccumulator rows = SPARK.sparkContext().longAccumulator();

    List<SparkListenerTaskEnd> tasks =
        tasksOf(
            () ->
                assertThat(numbers(1, 1).map(ProgramTasks.countThenFailOnce(rows)).collect())
                    .hasSize(1));

    assertThat(tasks).hasSize(2);
    assertThat(tasks.get(0).reason())
        .isInstanceOfSatisfying(
            ExceptionFailure.class,
            failure -> {
              assertThat(failure.className()).isEqualTo("java.lang.IllegalStateException");
              assertThat(failure.description()).startsWith("first attempt");
              assertThat(failure.stackTrace()[0].getClassName()).contains("ProgramTasks");
            });
    assertThat(tasks.get(1).taskInfo().successful()).isTrue();
  }

  @Test
  void jobGroupIsCancelledAndItsSlotIsFreeAgain() throws Exception {
    List<SparkListenerTaskEnd> tasks =
        tasksOf(
            () -> {
              CompletableFuture<?> job = inGroup("cancelled", 1);
              SPARK.sparkContext().cancelJobGroup("cancelled");
              assertThatThrownBy(job::join)
                  .hasStackTraceContaining("cancelled part of cancelled job group cancelled");
            });

    assertThat(tasks).hasSize(1);
    assertThat(tasks.get(0).reason()).isInstanceOf(TaskKilled.class);
    assertThat(numbers(4, 4).count()).isEqualTo(4);
  }

  @Test
  void stageIsCancelled() throws Exception {
    tasksOf(
        () -> {
          CompletableFuture<?> job = inGroup("stage", 2);
          int stage = SPARK.sparkContext().statusTracker().getActiveStageIds()[0];
          SPARK.sparkContext().cancelStage(stage, "by hand");
          assertThatThrownBy(job::join).hasStackTraceContaining("cancelled because by hand");
        });

    assertThat(SPARK.sparkContext().statusTracker().getActiveStageIds()).isEmpty();
    assertThat(numbers(4, 4).count()).isEqualTo(4);
  }

  /** Starts endless tasks; returns once the status tracker says that they run. */
  private static CompletableFuture<?> inGroup(String group, int tasks) {
    CompletableFuture<?> job =
        CompletableFuture.runAsync(
            () -> {
              SPARK.sparkContext().setJobGroup(group, "endless", true);
              numbers(tasks, tasks).map(ProgramTasks.endless()).collect();
            });
    var tracker = SPARK.sparkContext().statusTracker();
    await()
        .atMost(Duration.ofMinutes(5))
        .ignoreExceptions() // the tracker knows a job before its stages
        .until(
            () ->
                Arrays.stream(tracker.getJobIdsForGroup(group))
                    .flatMap(id -> Arrays.stream(tracker.getJobInfo(id).get().stageIds()))
                    .anyMatch(id -> tracker.getStageInfo(id).get().numActiveTasks() == tasks));
    return job;
  }

  @Test
  void eventLogReplaysAsTheHistoryServerDoes() throws Exception {
    List<SparkListenerTaskEnd> tasks =
        tasksOf(() -> assertThat(SPARK.range(0, 100, 1, 2).distinct().count()).isEqualTo(100));
    Path log;
    try (var files = Files.list(EVENTS)) {
      log = files.findFirst().orElseThrow();
    }

    Recorder replayed = new Recorder();
    ReplayListenerBus bus = new ReplayListenerBus();
    bus.addListener(replayed);
    try (InputStream in = Files.newInputStream(log)) {
      bus.replay(
          in,
          log.toString(),
          true,
          new scala.runtime.AbstractFunction1<String, Object>() {
            @Override
            public Object apply(String line) {
              return true;
            }
          });
    }

    assertThat(replayed.executors).contains("lambda-0", "lambda-1");
    assertThat(replayed.tasks.stream().map(t -> t.taskInfo().taskId()))
        .containsAll(tasks.stream().map(t -> t.taskInfo().taskId()).toList());
    assertThat(sum(replayed.tasks, m -> m.shuffleWriteMetrics().bytesWritten())).isPositive();
  }
}
