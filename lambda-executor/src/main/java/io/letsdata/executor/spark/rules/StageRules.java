// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import io.letsdata.options.Internal;
import io.letsdata.options.UserErrorException;
import io.letsdata.shuffle.spark.state.StoredStateProvider;
import org.apache.spark.api.python.PythonFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.Task;
import org.apache.spark.scheduler.TaskSet;

/** Refuses stages that no function can run, each with a remedy. No request. */
@Internal
public final class StageRules {
  private static final String STATE_PROVIDER = "spark.sql.streaming.stateStore.providerClass";

  private StageRules() {}

  /**
   * Refuses a stage that no function can run.
   *
   * @throws UserErrorException when the tasks need each other, other resources or classes of a
   *     session
   */
  public static void check(TaskSet taskSet) {
    for (Task<?> task : taskSet.tasks()) {
      if (task.isBarrier()) {
        throw refused(
            taskSet.stageId(),
            "barrier mode needs tasks that talk to each other, and Lambda invocations cannot. Use a"
                + " cluster master for this job.");
      }
    }
    if (taskSet.resourceProfileId() != 0) {
      throw refused(
          taskSet.stageId(),
          "it asks for a resource profile, and every task gets the same function. Set the"
              + " function's memory instead.");
    }
    if (taskSet.tasks().length > 0 && taskSet.tasks()[0].artifacts().state().isDefined()) {
      throw refused(
          taskSet.stageId(),
          "it belongs to a Spark Connect session, whose classes are in the server, which no worker"
              + " can reach. Run the program in the driver, with spark-submit.");
    }
  }

  /**
   * Refuses an RDD that no function can compute.
   *
   * @throws UserErrorException when its state would be in RocksDB, or when its state or its
   *     checkpoint would be on a worker's own disk
   */
  public static void check(TaskSet taskSet, RDD<?> rdd) {
    LocalFiles.check(rdd);
    String provider =
        taskSet.properties() == null ? null : taskSet.properties().getProperty(STATE_PROVIDER);
    if (provider != null && provider.endsWith(".RocksDBStateStoreProvider") && isStateful(rdd)) {
      throw refused(
          taskSet.stageId(),
          "its state is in RocksDB, whose native library the function does not have. Set "
              + STATE_PROVIDER
              + " to "
              + StoredStateProvider.class.getName()
              + " and start the query with a new checkpoint.");
    }
  }

  private static boolean isStateful(RDD<?> rdd) {
    return LocalFiles.narrowLineage(rdd).stream()
        .map(each -> each.getClass().getSimpleName())
        .anyMatch(name -> name.endsWith("StateStoreRDD") || name.startsWith("StateStoreAware"));
  }

  /**
   * Refuses an object of a stage's graph.
   *
   * @throws UserErrorException when it is a function in Python or R, or writes to a worker's own
   *     disk
   */
  public static void check(Object object) {
    if (object instanceof PythonFunction) {
      throw new UserErrorException(foreign("Python"));
    }
    if (object.getClass().getName().startsWith("org.apache.spark.api.r.")
        || object.getClass().getName().startsWith("org.apache.spark.sql.execution.r.")) {
      throw new UserErrorException(foreign("R"));
    }
    LocalFiles.check(object);
  }

  private static String foreign(String language) {
    return "Cannot run this stage: it calls a function written in "
        + language
        + ", and the Lambda function has no "
        + language
        + ". Use Spark's built-in functions, or write the function in Java or Scala.";
  }

  private static UserErrorException refused(int stageId, String why) {
    return new UserErrorException("Cannot run stage " + stageId + ": " + why);
  }
}
