// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.request.ShuffleReport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.JavaConverters;

/** What tasks and stages tell of shuffles, as Spark's UI gets it. Thread-safe. */
final class MetricsListener extends SparkListener {
  final List<TaskMetrics> tasks = new CopyOnWriteArrayList<>();
  final List<AccumulableInfo> ofTasks = new CopyOnWriteArrayList<>();
  final List<String> ofStages = new CopyOnWriteArrayList<>();

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    tasks.add(end.taskMetrics());
    for (AccumulableInfo info :
        JavaConverters.seqAsJavaList(end.taskInfo().accumulables().toSeq())) {
      if (info.name().get().startsWith("shuffle ")) {
        ofTasks.add(info);
      }
    }
  }

  @Override
  public void onStageCompleted(SparkListenerStageCompleted stage) {
    stage
        .stageInfo()
        .accumulables()
        .values()
        .foreach(
            info ->
                info.name().get().startsWith("shuffle ")
                    ? ofStages.add(info.name().get() + ": " + info.value().get())
                    : false);
  }

  /** Of all accounts that tasks sent. */
  ShuffleReport sumOfTasks() {
    return ofTasks.stream()
        .map(info -> (ShuffleReport) info.update().get())
        .reduce(ShuffleReport.ZERO, ShuffleReport::plus);
  }
}
