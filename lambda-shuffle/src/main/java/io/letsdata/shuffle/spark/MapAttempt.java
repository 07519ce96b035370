package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.MapOutput;
import io.letsdata.shuffle.MapOutputUpload;
import io.letsdata.shuffle.MapRef;
import io.letsdata.shuffle.ShuffleLayout;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.spark.shuffle.ShuffleWriteMetricsReporter;
import org.apache.spark.shuffle.api.ShuffleMapOutputWriter;
import org.apache.spark.shuffle.api.ShufflePartitionWriter;
import org.apache.spark.shuffle.api.SingleSpillShuffleMapOutputWriter;
import org.apache.spark.shuffle.api.metadata.MapOutputCommitMessage;
import org.jspecify.annotations.Nullable;

/**
 * One run of one map attempt, from Spark's writer to the object: gives that writer whichever of
 * Spark's two output interfaces it asks for, and remembers what came of it. Used by the task's
 * thread alone.
 */
final class MapAttempt implements ShuffleMapOutputWriter, SingleSpillShuffleMapOutputWriter {
  private final ShuffleRuntime runtime;
  private final int shuffleId;
  private final MapRef map;
  private final int partBytes;
  private final ShuffleWriteMetricsReporter metrics;
  private @Nullable MapOutputUpload upload;
  private @Nullable MapOutput output;

  MapAttempt(
      ShuffleRuntime runtime,
      int shuffleId,
      MapRef map,
      int partBytes,
      ShuffleWriteMetricsReporter metrics) {
    this.runtime = runtime;
    this.shuffleId = shuffleId;
    this.map = map;
    this.partBytes = partBytes;
    this.metrics = metrics;
  }

  MapRef map() {
    return map;
  }

  /** For Spark's components, which name the attempt they want: it must be this one. */
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
            runtime.store(),
            new ShuffleLayout(runtime.root()),
            shuffleId,
            map,
            partitions,
            partBytes);
    return this;
  }

  /** What was stored; fails if nothing was. */
  MapOutput output() {
    MapOutput committed = output;
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
    MapOutput committed = begun().commit();
    metrics.incWriteTime(System.nanoTime() - since);
    output = committed;
    return MapOutputCommitMessage.of(committed.lengths());
  }

  @Override
  public void transferMapSpillFile(
      File mapOutputFile, long[] partitionLengths, long[] ignoredChecksums) throws IOException {
    long since = System.nanoTime();
    output = begun().commitFile(mapOutputFile.toPath(), partitionLengths);
    metrics.incWriteTime(System.nanoTime() - since);
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
