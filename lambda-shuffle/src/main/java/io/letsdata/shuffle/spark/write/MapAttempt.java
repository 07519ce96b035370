// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.write;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.request.ShuffleAccount;
import io.letsdata.shuffle.seal.SealingStream;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.shuffle.spark.context.ShuffleContext;
import io.letsdata.shuffle.write.MapOutputUpload;
import io.letsdata.shuffle.write.PartSender;
import io.letsdata.shuffle.write.PartitionBuffers;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.shuffle.ShuffleWriteMetricsReporter;
import org.apache.spark.shuffle.api.ShuffleExecutorComponents;
import org.apache.spark.shuffle.api.ShuffleMapOutputWriter;
import org.apache.spark.shuffle.api.ShufflePartitionWriter;
import org.apache.spark.shuffle.api.SingleSpillShuffleMapOutputWriter;
import org.apache.spark.shuffle.api.metadata.MapOutputCommitMessage;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one map attempt, from the writer to the object: implements both of Spark's
 * output interfaces for Spark's writers, takes buffers from ours, and keeps the report. Used by the
 * task's thread alone.
 */
final class MapAttempt implements ShuffleMapOutputWriter, SingleSpillShuffleMapOutputWriter {
  private final ShuffleContext context;
  private final SegmentSeal seal;
  private final PartSender sender;
  private final ShuffleAccount account;
  private final int shuffleId;
  private final MapRef map;
  private final ShuffleWriteMetricsReporter metrics;
  private @Nullable MapOutputUpload upload;
  private @Nullable MapReport report;
  private @Nullable SealingStream open;

  MapAttempt(
      ShuffleContext context,
      SegmentSeal seal,
      PartSender sender,
      ShuffleAccount account,
      int shuffleId,
      MapRef map,
      ShuffleWriteMetricsReporter metrics) {
    this.context = context;
    this.seal = seal;
    this.sender = sender;
    this.account = account;
    this.shuffleId = shuffleId;
    this.map = map;
    this.metrics = metrics;
  }

  /** Of this attempt's shuffle. */
  SegmentSeal seal() {
    return seal;
  }

  MapRef map() {
    return map;
  }

  /**
   * Gives this attempt to one of Spark's writers, which asks by shuffle and map, not by execution.
   */
  ShuffleExecutorComponents outputs() {
    return new Outputs(this);
  }

  /** For a writer, which names the attempt it wants: it must be this one. */
  MapAttempt begin(int wantedShuffleId, long wantedMapId, int partitions) {
    if (wantedShuffleId != shuffleId || wantedMapId != map.mapId() || upload != null) {
      throw new IllegalStateException(
          "Cannot write map output "
              + wantedMapId
              + " of shuffle "
              + wantedShuffleId
              + ": this task writes "
              + map.mapId()
              + " of "
              + shuffleId
              + ", once.");
    }
    upload =
        new MapOutputUpload(
            sender,
            context.layout(),
            shuffleId,
            map,
            partitions,
            context.limits().partBytes(),
            context.limits().inlineBytes());
    return this;
  }

  /** The report of the written output; throws if nothing was written. */
  MapReport report() {
    MapReport committed = report;
    if (committed == null) {
      throw new IllegalStateException(
          "Map output " + map + " of shuffle " + shuffleId + " was not written.");
    }
    return committed;
  }

  @Override
  public ShufflePartitionWriter getPartitionWriter(int reducePartitionId) {
    return new PartitionWriter(begun(), reducePartitionId);
  }

  @Override
  public MapOutputCommitMessage commitAllPartitions(long[] ignoredChecksums) throws IOException {
    long since = System.nanoTime();
    endPartition();
    MapReport committed = begun().commit();
    committed(committed, since);
    return MapOutputCommitMessage.of(contentBytes());
  }

  @Override
  public void transferMapSpillFile(
      File mapOutputFile, long[] partitionLengths, long[] ignoredChecksums) throws IOException {
    long since = System.nanoTime();
    committed(begun().commitFile(mapOutputFile.toPath(), partitionLengths, seal), since);
  }

  /** Stores the content of the buffers, which is sealed; see {@link #contentBytes}. */
  long[] commit(PartitionBuffers buffers) throws IOException {
    long since = System.nanoTime();
    MapReport committed = begun().commitBuffers(buffers);
    committed(committed, since);
    return contentBytes();
  }

  /** Of each partition of the written output, without codes, as Spark's own shuffle counts. */
  long[] contentBytes() {
    return SegmentSeal.contentBytes(report().output().lengths());
  }

  /** Spark closes the stream of a partition before it opens the next; once more does no harm. */
  private void endPartition() throws IOException {
    SealingStream last = open;
    open = null;
    if (last != null) {
      last.close();
    }
  }

  private void committed(MapReport committed, long since) {
    metrics.incWriteTime(System.nanoTime() - since);
    committed.inline().ifPresent(bytes -> account.keptInline(bytes.length));
    report = committed;
  }

  @Override
  public void abort(@Nullable Throwable error) throws IOException {
    MapOutputUpload begun = upload;
    if (begun != null) {
      begun.abort();
    }
  }

  private MapOutputUpload begun() {
    MapOutputUpload begun = upload;
    if (begun == null) {
      throw new IllegalStateException(
          "Map output " + map + " of shuffle " + shuffleId + " was not begun.");
    }
    return begun;
  }

  private record Outputs(MapAttempt attempt) implements ShuffleExecutorComponents {
    @Override
    public void initializeExecutor(String appId, String execId, Map<String, String> extraConfigs) {}

    @Override
    public ShuffleMapOutputWriter createMapOutputWriter(
        int shuffleId, long mapTaskId, int numPartitions) {
      return attempt.begin(shuffleId, mapTaskId, numPartitions);
    }

    @Override
    public Optional<SingleSpillShuffleMapOutputWriter> createSingleFileMapOutputWriter(
        int shuffleId, long mapId) {
      return Optional.of(attempt.begin(shuffleId, mapId, 0));
    }
  }

  private final class PartitionWriter implements ShufflePartitionWriter {
    private final MapOutputUpload begun;
    private final int partition;
    private @Nullable SealingStream stream;

    PartitionWriter(MapOutputUpload begun, int partition) {
      this.begun = begun;
      this.partition = partition;
    }

    @Override
    public OutputStream openStream() throws IOException {
      endPartition();
      SealingStream opened = seal.sealing(map, partition, begun.segment(partition));
      stream = opened;
      open = opened;
      return opened;
    }

    @Override
    public long getNumBytesWritten() {
      SealingStream opened = stream;
      return opened == null ? 0 : opened.contentBytes();
    }
  }
}
