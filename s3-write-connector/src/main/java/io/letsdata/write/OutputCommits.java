// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.options.Internal;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectStore;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Commits to one output that no Spark job makes: tables without rows, deleted partitions, other
 * properties, a rollback, a compaction whose files are stored. Thread-safe when the store is; the
 * store's owner closes it.
 */
@Internal
public final class OutputCommits {
  private final ObjectStore store;
  private final OutputLayout output;
  private final RetryPause pause;

  public OutputCommits(ObjectStore store, OutputLayout output) {
    this(store, output, WritePlan.PAUSE);
  }

  OutputCommits(ObjectStore store, OutputLayout output, RetryPause pause) {
    this.store = store;
    this.output = output;
    this.pause = pause;
  }

  /** The published versions. */
  public ManifestLog log() {
    return new ManifestLog(store, output);
  }

  /**
   * Commits. The requests of {@link ManifestCommitter#commit}; with {@code layout=plain} also those
   * of a recovery record.
   *
   * @param job with the files that are stored already; none with {@code layout=plain}
   * @param began the version on which the job was decided: commits since then may conflict with it;
   *     empty before the first
   * @return the published manifest; empty when the commit succeeds without effect
   * @throws CommitRefused when it is certainly not committed
   * @throws CommitOutcomeUnknown when it may or may not be committed
   */
  public Optional<Snapshot> commit(CommitRequest job, Optional<Snapshot> began) throws IOException {
    // Parts of the list of files look like leftovers until the manifest names them.
    JobMark mark = new JobMark(store, output, job.id(), JobMark.INTERVAL);
    mark.start(() -> true);
    try {
      Optional<Snapshot> published = committed(job, began);
      mark.end();
      published.ifPresent(version -> ForeignManifests.follow(store, output, version));
      return published;
    } catch (CommitOutcomeUnknown | RuntimeException e) {
      mark.leave();
      throw e;
    } catch (IOException e) {
      mark.end();
      throw e;
    }
  }

  private Optional<Snapshot> committed(CommitRequest job, Optional<Snapshot> began)
      throws IOException {
    BaseVersion base = began.map(BaseVersion::of).orElse(BaseVersion.NONE);
    ManifestCommitter committer =
        new ManifestCommitter(log(), new SchemaRule(), pause, ManifestCommitter.Publishers.DRIVER);
    if (job.layout() == Layout.MANIFEST
        || job.operation() instanceof Operation.Alter
        || job.operation() instanceof Operation.Create) {
      return committer.commit(job, base);
    }
    if (!job.files().isEmpty()) {
      throw new IllegalArgumentException("files of a plain commit are uploads of tasks");
    }
    if (job.operation() instanceof Operation.Rollback) {
      throw new CommitRefused(
          "Cannot roll back %s: its layout is plain, and an overwrite deletes the objects that it replaces. Write the rows again."
              .formatted(output.output()));
    }
    return new PlainPublication(
            store, output, OutputRecovery.completion(store, output, pause), job, base)
        .publish(List.of());
  }
}
