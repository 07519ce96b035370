// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.write;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Nonces;
import io.letsdata.shuffle.request.ShuffleAccount;
import io.letsdata.shuffle.spark.context.Rethrow;
import io.letsdata.shuffle.spark.context.S3ShuffleHandle;
import io.letsdata.shuffle.spark.context.ShuffleContext;
import io.letsdata.shuffle.write.PartSender;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.shuffle.BaseShuffleHandle;
import org.apache.spark.shuffle.ShuffleWriteMetricsReporter;
import org.apache.spark.shuffle.ShuffleWriter;
import org.apache.spark.shuffle.sort.BypassMergeSortShuffleHandle;
import org.apache.spark.shuffle.sort.SerializedShuffleHandle;
import org.apache.spark.shuffle.sort.SortShuffleWriter;
import org.apache.spark.shuffle.sort.UnsafeShuffleWriter;

/**
 * Makes the writer that a handle asks for and connects it with one map attempt: the same writer as
 * {@code SortShuffleManager.getWriter} (Spark 3.5.9), except for the bypass writer. Stateless.
 */
@Internal
public final class ShuffleWriters {
  private ShuffleWriters() {}

  /**
   * The writer of one execution of a map task. No request.
   *
   * @param handle of the shuffle, which decides the kind of writer
   */
  public static <K, V> ShuffleWriter<K, V> open(
      ShuffleContext context,
      S3ShuffleHandle handle,
      long mapId,
      TaskContext task,
      ShuffleWriteMetricsReporter metrics) {
    ShuffleAccount account = context.accounts().open(task, handle.accumulator());
    PartSender sender =
        new PartSender(
            account.metered(context.runtime().store()),
            context.executor(),
            context.hedging(),
            task::killTaskIfInterrupted);
    MapAttempt attempt =
        new MapAttempt(
            context,
            context.seal(handle),
            sender,
            account,
            handle.shuffleId(),
            new MapRef(mapId, Nonces.next()),
            metrics);
    return new MapOutputShuffleWriter<>(make(handle, attempt, task, metrics), attempt, context);
  }

  private static <K, V> ShuffleWriter<K, V> make(
      S3ShuffleHandle handle,
      MapAttempt attempt,
      TaskContext context,
      ShuffleWriteMetricsReporter metrics) {
    BaseShuffleHandle<K, V, Object> base = handle.written();
    long mapId = attempt.map().mapId();
    if (base instanceof BypassMergeSortShuffleHandle) {
      return new HashShuffleWriter<>(base.dependency(), attempt, context, metrics);
    }
    if (!(handle.inner() instanceof SerializedShuffleHandle)) {
      return new SortShuffleWriter<>(base, mapId, context, metrics, attempt.outputs());
    }
    SparkEnv env = SparkEnv.get();
    try {
      return new UnsafeShuffleWriter<>(
          env.blockManager(),
          context.taskMemoryManager(),
          handle.<K, V>serialized(),
          mapId,
          context,
          env.conf(),
          metrics,
          attempt.outputs());
    } catch (SparkException e) {
      throw Rethrow.raise(e);
    }
  }
}
