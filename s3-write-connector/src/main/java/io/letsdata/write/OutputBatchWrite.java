package io.letsdata.write;

import io.letsdata.manifest.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One write job, on the driver: tasks store objects, the commit publishes them at once. Used by
 * Spark's one thread of the query.
 *
 * <p>The commit coordinator is not asked: Spark takes one message a partition, and objects have
 * keys of their own, so copies of a task only cost money.
 */
final class OutputBatchWrite implements BatchWrite {
  private static final Logger LOG = LoggerFactory.getLogger(OutputBatchWrite.class);

  private final ObjectWriterFactory writers;
  private final JobCommit job;
  private final JobOutput empty;
  private final String output;
  private int partitions;

  /**
   * @param empty the job's output so far: everything but the files
   */
  OutputBatchWrite(ObjectWriterFactory writers, JobCommit job, JobOutput empty, String output) {
    this.writers = writers;
    this.job = job;
    this.empty = empty;
    this.output = output;
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    partitions = info.numPartitions();
    return writers;
  }

  @Override
  public boolean useCommitCoordinator() {
    return false;
  }

  /** Publishes. One PUT, more when other jobs commit to the same output. */
  @Override
  public void commit(WriterCommitMessage[] messages) {
    try {
      JobOutput complete = empty.withFiles(JobFiles.of(outputs(messages), partitions));
      Optional<Manifest> manifest = job.commit(complete);
      if (manifest.isPresent()) {
        LOG.info(
            "Committed version {} of {}: {} objects, {} of them new.",
            manifest.get().version(),
            output,
            manifest.get().files().size(),
            complete.files().size());
      } else {
        LOG.info("Left {} as it was: another job committed first.", output);
        abortQuietly(messages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void abortQuietly(WriterCommitMessage[] messages) {
    try {
      abort(messages);
    } catch (RuntimeException e) {
      LOG.warn("Objects of a job that was not committed remain in {}.", output, e);
    }
  }

  /** Deletes this job's objects if that is safe. One DELETE a thousand. */
  @Override
  public void abort(WriterCommitMessage[] messages) {
    try {
      int deleted = job.abort(outputs(messages));
      LOG.info("Aborted the write to {}: {} objects deleted.", output, deleted);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return empty.mode() + " to " + output;
  }

  private static List<@Nullable TaskOutput> outputs(@Nullable WriterCommitMessage[] messages) {
    return new ArrayList<>(Arrays.stream(messages).map(message -> (TaskOutput) message).toList());
  }
}
