// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.write;

import io.letsdata.shuffle.spark.context.Rethrow;
import io.letsdata.shuffle.spark.context.ShuffleContext;
import java.io.IOException;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.shuffle.ShuffleWriter;
import scala.Option;
import scala.Product2;
import scala.collection.Iterator;

/**
 * Connects a writer, Spark's or ours, with this attempt's object, and gives the map status the
 * location of this output. Used by the task's thread.
 */
final class MapOutputShuffleWriter<K, V> extends ShuffleWriter<K, V> {
  private final ShuffleWriter<K, V> writer;
  private final MapAttempt attempt;
  private final ShuffleContext context;

  /** Around a writer that has not begun. */
  MapOutputShuffleWriter(ShuffleWriter<K, V> writer, MapAttempt attempt, ShuffleContext context) {
    this.writer = writer;
    this.attempt = attempt;
    this.context = context;
  }

  @Override
  public void write(Iterator<Product2<K, V>> records) throws IOException {
    try {
      writer.write(records);
    } catch (IOException failure) {
      abort(failure);
      throw context.runtime().explain(failure, "s3:PutObject");
    } catch (Throwable failure) {
      // SortShuffleWriter does not abort what it began (Spark 3.5.9).
      abort(failure);
      throw failure;
    }
  }

  private void abort(Throwable failure) {
    try {
      attempt.abort(failure);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public Option<MapStatus> stop(boolean success) {
    Option<MapStatus> status = writer.stop(success);
    if (!success || status.isEmpty()) {
      return status;
    }
    MapStatus placed = context.places().place(status.get(), attempt.map());
    try {
      context.runtime().committed(attempt.report());
    } catch (IOException e) {
      throw Rethrow.raise(e);
    }
    return Option.apply(placed);
  }

  @Override
  public long[] getPartitionLengths() {
    return writer.getPartitionLengths();
  }
}
