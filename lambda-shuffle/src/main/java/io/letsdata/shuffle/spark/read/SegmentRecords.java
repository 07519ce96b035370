// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.read;

import io.letsdata.shuffle.fetch.SegmentFetcher;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.shuffle.spark.context.Rethrow;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.NoSuchElementException;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.serializer.SerializerManager;
import org.apache.spark.shuffle.FetchFailedException;
import org.apache.spark.shuffle.ShuffleReadMetricsReporter;
import org.apache.spark.storage.ShuffleBlockId;
import scala.Product2;
import scala.Tuple2;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.collection.JavaConverters;

/**
 * The records of all segments, each decoded as a stream of its own: neither every serializer nor
 * every codec takes streams that are joined. Used by the task's thread.
 *
 * <p>A segment above the request size is decoded before its last slice has arrived, and so before
 * its checksum is known. A failure of the decoder is held back until then: a decoder that fails
 * over damaged bytes is a lost output, not an error of the task. {@link #verifyRest} does the same
 * for a task that stops early, or fails elsewhere over damaged records.
 */
final class SegmentRecords extends AbstractIterator<Product2<Object, Object>> {
  private final SegmentFetcher fetcher;
  private final SegmentSeal seal;
  private final SerializerInstance serializer;
  private final SerializerManager streams = SparkEnv.get().serializerManager();
  private final FetchFailures failures;
  private final TaskContext context;
  private final ShuffleReadMetricsReporter metrics;
  private Iterator<Tuple2<Object, Object>> segment =
      JavaConverters.asScalaIterator(Collections.emptyIterator());
  private InputStream body = InputStream.nullInputStream();
  private long reportedWaitMillis;
  private long reportedRequestMillis;
  private boolean ended;

  SegmentRecords(
      SegmentFetcher fetcher,
      SegmentSeal seal,
      Serializer serializer,
      FetchFailures failures,
      TaskContext context,
      ShuffleReadMetricsReporter metrics) {
    this.fetcher = fetcher;
    this.seal = seal;
    this.serializer = serializer.newInstance();
    this.failures = failures;
    this.context = context;
    this.metrics = metrics;
  }

  @Override
  public boolean hasNext() {
    try {
      while (!segment.hasNext()) {
        if (ended || !nextSegment()) {
          return false;
        }
      }
      return true;
    } catch (Throwable failure) {
      throw judged(failure);
    }
  }

  @Override
  public Product2<Object, Object> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    metrics.incRecordsRead(1);
    try {
      return segment.next();
    } catch (Throwable failure) {
      throw judged(failure);
    }
  }

  /**
   * Reads the rest of a segment that the task did not read to its end, 1 GET for each 16 MiB of it;
   * nothing in most tasks. For the end of a task, also of one that failed: rows from damaged bytes
   * fail in the task's own code. Not for one that was killed.
   *
   * @throws IOException when the store fails; FetchFailedException when the bytes are wrong
   */
  void verifyRest() throws IOException {
    if (!context.isInterrupted()) {
      body.close();
    }
  }

  private boolean nextSegment() throws IOException {
    body.close();
    try {
      if (fetcher.hasNext()) {
        open(fetcher.next());
        return true;
      }
    } catch (IOException e) {
      throw Rethrow.raise(failures.translate(e));
    }
    end();
    return false;
  }

  /** Throws the cause: damaged bytes, if they are damaged, else the failure of the decoder. */
  private RuntimeException judged(Throwable failure) {
    if (!(failure instanceof FetchFailedException)) {
      try {
        verifyRest();
      } catch (Throwable told) {
        if (told instanceof FetchFailedException) {
          told.addSuppressed(failure);
          throw Rethrow.raise(told);
        } else if (told != failure) {
          failure.addSuppressed(told);
        }
      }
    }
    throw Rethrow.raise(failure);
  }

  private void open(SegmentFetcher.Fetched fetched) {
    metrics.incRemoteBlocksFetched(1);
    metrics.incRemoteBytesRead(SegmentSeal.contentBytes(fetched.segment().lengthBytes()));
    reportWait();
    ShuffleBlockId block =
        new ShuffleBlockId(
            failures.shuffleId(), fetched.wanted().map().mapId(), fetched.segment().partition());
    body = new SegmentStream(fetched.content(seal), failures);
    segment = serializer.deserializeStream(streams.wrapStream(block, body)).asKeyValueIterator();
  }

  private void end() {
    ended = true;
    fetcher.close();
    reportWait();
    context.taskMetrics().mergeShuffleReadMetrics();
  }

  private void reportWait() {
    long waitedMillis = fetcher.waitedNanos() / 1_000_000;
    metrics.incFetchWaitTime(waitedMillis - reportedWaitMillis);
    reportedWaitMillis = waitedMillis;
    long requestMillis = fetcher.requestNanos() / 1_000_000;
    metrics.incRemoteReqsDuration(requestMillis - reportedRequestMillis);
    reportedRequestMillis = requestMillis;
  }
}
