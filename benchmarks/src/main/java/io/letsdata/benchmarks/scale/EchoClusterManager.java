// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.scale;

import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.ExternalClusterManager;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.TaskScheduler;
import org.apache.spark.scheduler.TaskSchedulerImpl;

/** {@code echo://<slots>}: Spark's own scheduler over {@link EchoBackend}, to compare with. */
public final class EchoClusterManager implements ExternalClusterManager {
  static final String SCHEME = "echo://";

  @Override
  public boolean canCreate(String masterUrl) {
    return masterUrl.startsWith(SCHEME);
  }

  @Override
  public TaskScheduler createTaskScheduler(SparkContext context, String masterUrl) {
    return new TaskSchedulerImpl(context);
  }

  @Override
  public SchedulerBackend createSchedulerBackend(
      SparkContext context, String masterUrl, TaskScheduler scheduler) {
    return new EchoBackend(
        (TaskSchedulerImpl) scheduler, Integer.parseInt(masterUrl.substring(SCHEME.length())));
  }

  @Override
  public void initialize(TaskScheduler scheduler, SchedulerBackend backend) {
    ((TaskSchedulerImpl) scheduler).initialize(backend);
  }
}
