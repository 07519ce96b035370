// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.options.Internal;
import io.letsdata.read.errors.ErrorSink;
import io.letsdata.read.errors.TaskErrors;
import io.letsdata.read.errors.TooManyErrors;
import io.letsdata.store.s3.SharedStores;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.util.LongAccumulator;
import scala.collection.JavaConverters;

/**
 * Where the tasks of one scan write bad records, and how many they have together: the driver counts
 * the tasks that ended, and ends the stage when there are too many. It is serialized to the worker;
 * Spark sums the counts there, each task once.
 */
@Internal
public final class ErrorBudget implements Serializable, TaskErrors.Totals {
  private static final long serialVersionUID = 1L;

  private final ErrorSink sink;
  private final LongAccumulator errors;
  private final LongAccumulator records;

  private ErrorBudget(ErrorSink sink, LongAccumulator errors, LongAccumulator records) {
    this.sink = sink;
    this.errors = errors;
    this.records = records;
  }

  /** On the driver: for a new scan. */
  public static ErrorBudget watched(SparkContext context, ErrorSink sink) {
    ErrorBudget budget =
        new ErrorBudget(sink, context.longAccumulator(), context.longAccumulator());
    context.addSparkListener(budget.new Watch(context));
    return budget;
  }

  /**
   * On the worker: for one task.
   *
   * @param partition a {@link ManifestInputPartition}
   */
  public TaskErrors ofTask(InputPartition partition) {
    return TaskErrors.of(
        sink, SharedStores.get(sink.store()), ((ManifestInputPartition) partition).number(), this);
  }

  @Override
  public void add(long moreErrors, long moreRecords) {
    errors.add(moreErrors);
    records.add(moreRecords);
  }

  private final class Watch extends SparkListener {
    private final SparkContext context;

    Watch(SparkContext context) {
      this.context = context;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      boolean ours =
          JavaConverters.seqAsJavaList(end.taskInfo().accumulables().toSeq()).stream()
              .anyMatch(update -> update.id() == errors.id());
      if (ours) {
        try {
          sink.check(errors.sum(), records.sum(), "see there");
        } catch (TooManyErrors e) {
          context.cancelStage(end.stageId(), e.getMessage());
        }
      }
    }
  }
}
