// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.ProcessTasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs find of the process in which their tasks run, beside what a cluster gives them. */
@Tag("programs")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@StoreAccess(data = "added")
final class WorkerProcessIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final SparkSession SPARK = LambdaStack.session(STACK.lambdaConf());
  private static final String PROPERTY = "letsdata.it.driver.only";

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  }

  @Test
  void taskAttemptIdHasTheTaskIdOfListenersInItsHighBits() {
    Set<Long> ended = ConcurrentHashMap.newKeySet();
    SPARK
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd end) {
                ended.add(end.taskInfo().taskId());
              }
            });

    List<Long> ids =
        context().parallelize(List.of(1, 2, 3), 3).map(ProcessTasks.taskAttemptId()).collect();

    await().until(() -> ended.size() >= 3);
    assertThat(ids).doesNotHaveDuplicates().hasSize(3);
    assertThat(ids).map(id -> id >> 31).isSubsetOf(ended);
  }

  @Test
  void pipeRunsACommandThatTheFunctionHas() {
    assertThat(context().parallelize(List.of("a", "b"), 2).pipe("cat").collect())
        .containsExactly("a", "b");
  }

  @Test
  void reflectCallsMethodsInTheWorker() {
    System.setProperty(PROPERTY, "driver");
    try {
      assertThat(
              SPARK
                  .range(0, 1, 1, 1)
                  .selectExpr(
                      "reflect('java.lang.Math', 'max', 1, 2)",
                      "reflect('" + ProcessTasks.class.getName() + "', 'hello')",
                      "reflect('java.lang.System', 'getProperty', '" + PROPERTY + "')")
                  .head()
                  .mkString(","))
          .isEqualTo("2,hello,null");
    } finally {
      System.clearProperty(PROPERTY);
    }
  }

  @Test
  void systemPropertyOfTheDriverIsNotInTasks() {
    System.setProperty(PROPERTY, "driver");
    try {
      assertThat(
              context()
                  .parallelize(List.of(PROPERTY), 1)
                  .map(ProcessTasks.systemProperty())
                  .first())
          .isEqualTo("null");
    } finally {
      System.clearProperty(PROPERTY);
    }
  }

  @Test
  void addedFolderOfTheDriverIsRefusedBySparkAsOnEveryCluster(@TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("a.txt"), "a");

    assertThatThrownBy(() -> context().addFile(folder.toUri().toString(), true))
        .hasMessageContaining("UNSUPPORTED_ADD_FILE.LOCAL_DIRECTORY");
  }

  @Test
  void addedFolderOfAStoreReachesTasks() {
    String folder = "s3a://" + STACK.bucket() + "/added/words";
    SPARK.range(0, 10, 1, 2).selectExpr("cast(id as string)").write().text(folder);

    context().addFile(folder, true);

    assertThat(context().parallelize(List.of("words"), 1).map(ProcessTasks.linesOfFolder()).first())
        .isEqualTo(10);
  }
}
