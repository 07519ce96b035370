// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.write;

import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.shuffle.write.PartitionBuffers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.Partitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.scheduler.MapStatus$;
import org.apache.spark.shuffle.ShuffleWriteMetricsReporter;
import org.apache.spark.shuffle.ShuffleWriter;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Product2;
import scala.collection.Iterator;

/**
 * Writes each record to the stream of its partition, as Spark's {@code
 * BypassMergeSortShuffleWriter} does and in its place, but into memory: only bytes that the task's
 * memory refuses go to local disk, all in one file. Used by the task's thread; {@link #write}
 * leaves neither memory nor a file behind, also when it fails.
 *
 * <p>Serializers, codecs and encryption are as free as with Spark's: a partition is one stream.
 */
final class HashShuffleWriter<K, V> extends ShuffleWriter<K, V> {
  /** Between two looks at whether the task is killed, and two signs of progress. */
  private static final int RECORDS_A_STEP = 4_096;

  private static final String SPILL_AFTER = "spark.shuffle.spill.numElementsForceSpillThreshold";

  private final ShuffleDependency<K, ?, ?> dependency;
  private final MapAttempt attempt;
  private final TaskContext context;
  private final WriteProgress progress;
  private final SparkEnv env;
  private final int spillAfterRecords;
  private @Nullable MapStatus status;

  HashShuffleWriter(
      ShuffleDependency<K, ?, ?> dependency,
      MapAttempt attempt,
      TaskContext context,
      ShuffleWriteMetricsReporter metrics) {
    this.dependency = dependency;
    this.attempt = attempt;
    this.context = context;
    this.progress = new WriteProgress(metrics);
    this.env = SparkEnv.get();
    this.spillAfterRecords = env.conf().getInt(SPILL_AFTER, Integer.MAX_VALUE);
  }

  @Override
  public void write(Iterator<Product2<K, V>> records) throws IOException {
    Partitioner partitioner = dependency.partitioner();
    int partitions = partitioner.numPartitions();
    long mapId = attempt.map().mapId();
    MapAttempt begun = attempt.begin(dependency.shuffleId(), mapId, partitions);
    TaskMemory memory = new TaskMemory(context.taskMemoryManager());
    boolean done = false;
    try (PartitionBuffers buffers = new PartitionBuffers(partitions, memory, this::spillPath)) {
      memory.serve(buffers);
      try {
        encode(records, partitioner, buffers);
        long[] lengths = begun.commit(buffers);
        status = MapStatus$.MODULE$.apply(env.blockManager().shuffleServerId(), lengths, mapId);
        done = true;
      } finally {
        account(buffers);
        if (!done) {
          progress.revert();
        }
      }
    }
  }

  private void encode(
      Iterator<Product2<K, V>> records, Partitioner partitioner, PartitionBuffers buffers)
      throws IOException {
    try (PartitionStreams streams =
        new PartitionStreams(
            dependency.shuffleId(),
            attempt.map(),
            attempt.seal(),
            partitioner.numPartitions(),
            dependency.serializer().newInstance(),
            env.serializerManager(),
            buffers)) {
      long count = 0;
      while (records.hasNext()) {
        Product2<K, V> record = records.next();
        K key = record._1();
        streams.write(partitioner.getPartition(key), key, record._2());
        if (++count % RECORDS_A_STEP == 0) {
          context.killTaskIfInterrupted();
          progress.reached(count, buffers.lengthBytes());
        }
        if (count % spillAfterRecords == 0) {
          long unused = buffers.spill();
        }
      }
      streams.finish();
      progress.reached(count, Arrays.stream(SegmentSeal.contentBytes(buffers.lengths())).sum());
    }
  }

  private Path spillPath() {
    return env.blockManager().diskBlockManager().createTempShuffleBlock()._2().toPath();
  }

  private void account(PartitionBuffers buffers) {
    progress.took(buffers.spillNanos());
    context.taskMetrics().incPeakExecutionMemory(buffers.peakBytes());
    context.taskMetrics().incMemoryBytesSpilled(buffers.memoryBytesSpilled());
    context.taskMetrics().incDiskBytesSpilled(buffers.diskBytesSpilled());
  }

  @Override
  public Option<MapStatus> stop(boolean success) {
    MapStatus written = status;
    status = null;
    return success ? Option.apply(written) : Option.empty();
  }

  @Override
  public long[] getPartitionLengths() {
    return attempt.contentBytes();
  }
}
