// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
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
 * One write job, on the driver: tasks store objects, the commit publishes them at once. Used by the
 * query's thread only.
 *
 * <p>It does not use the commit coordinator: Spark accepts one message per partition, and each
 * attempt has its own keys, so a speculative attempt only costs money.
 */
final class OutputBatchWrite implements BatchWrite {
  private static final Logger LOG = LoggerFactory.getLogger(OutputBatchWrite.class);

  private final ObjectWriterFactory writers;
  private final JobCommit job;
  private final JobMark mark;
  private final WritePlan plan;
  private int partitions;

  OutputBatchWrite(ObjectWriterFactory writers, JobCommit job, JobMark mark, WritePlan plan) {
    this.writers = writers;
    this.job = job;
    this.mark = mark;
    this.plan = plan;
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    partitions = info.numPartitions();
    mark.start(() -> !plan.session().sparkContext().isStopped());
    return writers;
  }

  @Override
  public boolean useCommitCoordinator() {
    return false;
  }

  /** Publishes. One PUT; more when other jobs commit to the same output. */
  @Override
  public void commit(WriterCommitMessage[] messages) {
    try {
      List<TaskObject> objects = JobObjects.inOrder(outputs(messages), partitions);
      if (mark.hasLapsed()) {
        job.requireStored(objects, plan.output());
      }
      Optional<Snapshot> manifest = job.commit(objects);
      if (manifest.isPresent()) {
        LOG.info(
            "Committed as version {}, {}: {} objects, {} of them new.",
            manifest.get().version(),
            plan,
            manifest.get().fileCount(),
            objects.size());
      } else {
        LOG.info(
            "Nothing was committed, because the output has this commit, or a version that mode ignore keeps: {}.",
            plan);
        abortQuietly(messages);
      }
      mark.end();
      manifest.ifPresent(version -> job.follow(plan.output(), version));
    } catch (CommitOutcomeUnknown e) {
      mark.leave();
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (RuntimeException e) {
      mark.leave();
      throw e;
    }
  }

  private void abortQuietly(WriterCommitMessage[] messages) {
    try {
      abort(messages);
    } catch (RuntimeException e) {
      LOG.warn("Objects of a job that was not committed remain: {}.", plan, e);
    }
  }

  /** Deletes this job's objects if that is safe. One DELETE per thousand objects. */
  @Override
  public void abort(WriterCommitMessage[] messages) {
    try {
      int deleted = job.abort(outputs(messages));
      LOG.info("Aborted: {}; {} objects deleted.", plan, deleted);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } finally {
      mark.end();
    }
  }

  @Override
  public String toString() {
    return plan.toString();
  }

  private static List<@Nullable TaskOutput> outputs(@Nullable WriterCommitMessage[] messages) {
    List<@Nullable TaskOutput> outputs = new ArrayList<>();
    for (WriterCommitMessage message : messages) {
      outputs.add(message == null ? null : TaskOutput.of(message));
    }
    return outputs;
  }
}
