// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.write;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.request.ShuffleAccount;
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
  private final PartSender sender;
  private final ShuffleAccount account;
  private final int shuffleId;
  private final MapRef map;
  private final ShuffleWriteMetricsReporter metrics;
  private @Nullable MapOutputUpload upload;
  private @Nullable MapReport report;

  MapAttempt(
      ShuffleContext context,
      PartSender sender,
      ShuffleAccount account,
      int shuffleId,
      MapRef map,
      ShuffleWriteMetricsReporter metrics) {
    this.context = context;
    this.sender = sender;
    this.account = account;
    this.shuffleId = shuffleId;
    this.map = map;
    this.metrics = metrics;
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
    MapReport committed = begun().commit();
    committed(committed, since);
    return MapOutputCommitMessage.of(committed.output().lengths());
  }

  @Override
  public void transferMapSpillFile(
      File mapOutputFile, long[] partitionLengths, long[] ignoredChecksums) throws IOException {
    long since = System.nanoTime();
    committed(begun().commitFile(mapOutputFile.toPath(), partitionLengths), since);
  }

  /** Stores the content of the buffers; returns the segments' lengths. */
  long[] commit(PartitionBuffers buffers) throws IOException {
    long since = System.nanoTime();
    MapReport committed = begun().commitBuffers(buffers);
    committed(committed, since);
    return committed.output().lengths();
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

  private record PartitionWriter(MapOutputUpload upload, int partition)
      implements ShufflePartitionWriter {
    @Override
    public OutputStream openStream() {
      return upload.segment(partition);
    }

    @Override
    public long getNumBytesWritten() {
      return upload.lengthBytes(partition);
    }
  }
}
