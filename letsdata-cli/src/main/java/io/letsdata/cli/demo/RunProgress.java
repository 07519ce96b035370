// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.jspecify.annotations.Nullable;

/**
 * Shows a running application in one line a stage, and counts the rows its tasks read.
 *
 * <p>Spark calls a listener from one thread; {@link #rowsRead} may be asked from any.
 */
final class RunProgress extends SparkListener {
  /**
   * Where the line is written over itself, every task may do so; elsewhere a line a stage and one
   * every few seconds are enough.
   */
  enum Display {
    UPDATING,
    APPENDING
  }

  private static final Duration APPEND_EVERY = Duration.ofSeconds(5);
  private static final String CLEAR_LINE = "\r\u001B[K";

  private final PrintWriter out;
  private final Display display;
  private final LongSupplier elapsedNanos;
  private final Map<Integer, Stage> stages = new HashMap<>();
  private final Map<String, Long> rowsByDescription = new HashMap<>();
  private long shownNanos;

  private static final class Stage {
    private final StageInfo info;
    private final String description;
    private int done;
    private int failed;

    private Stage(StageInfo info, String description) {
      this.info = info;
      this.description = description;
    }
  }

  /**
   * @param out flushed after each line
   * @param elapsedNanos nanoseconds since the user began to wait
   */
  RunProgress(PrintWriter out, Display display, LongSupplier elapsedNanos) {
    this.out = out;
    this.display = display;
    this.elapsedNanos = elapsedNanos;
    this.shownNanos = elapsedNanos.getAsLong();
  }

  /** Rows that the sources gave to successful tasks of jobs with this description. */
  synchronized long rowsRead(String jobDescription) {
    return rowsByDescription.getOrDefault(jobDescription, 0L);
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    String description =
        event.properties() == null
            ? ""
            : event.properties().getProperty("spark.job.description", "");
    Stage stage = new Stage(event.stageInfo(), description);
    stages.put(event.stageInfo().stageId(), stage);
    if (display == Display.UPDATING) {
      show(stage);
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    Stage stage = stages.get(event.stageId());
    if (stage == null) {
      return;
    }
    if (event.taskInfo().successful()) {
      stage.done++;
      countRows(stage, event.taskMetrics());
    } else {
      stage.failed++;
    }
    boolean quietForLong = elapsedNanos.getAsLong() - shownNanos >= APPEND_EVERY.toNanos();
    if (display == Display.UPDATING || quietForLong) {
      show(stage);
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted event) {
    Stage stage = stages.remove(event.stageInfo().stageId());
    if (stage != null) {
      show(stage);
      if (display == Display.UPDATING) {
        out.println();
        out.flush();
      }
    }
  }

  // Spark has no metrics for a task that failed early.
  private void countRows(Stage stage, @Nullable TaskMetrics metrics) {
    if (metrics != null) {
      rowsByDescription.merge(stage.description, metrics.inputMetrics().recordsRead(), Long::sum);
    }
  }

  private void show(Stage stage) {
    shownNanos = elapsedNanos.getAsLong();
    String line =
        String.format(
            Locale.ROOT,
            "%5.1f s    stage %d (%s): %d of %d tasks%s",
            shownNanos / 1e9,
            stage.info.stageId(),
            stage.description.isEmpty() ? stage.info.name() : stage.description,
            stage.done,
            stage.info.numTasks(),
            stage.failed == 0 ? "" : ", " + stage.failed + " failed");
    if (display == Display.UPDATING) {
      out.print(CLEAR_LINE + line);
    } else {
      out.println(line);
    }
    out.flush();
  }
}
