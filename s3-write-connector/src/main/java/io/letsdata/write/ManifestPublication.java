// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Snapshot;
import io.letsdata.write.commit.CommitRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Publishes stored objects with a manifest (SPEC.md, "Steps"). */
final class ManifestPublication implements Publication {
  private final ManifestCommitter committer;
  private final CommitRequest job;
  private final BaseVersion base;

  /**
   * @param job without its files
   * @param base latest version when the job began
   */
  ManifestPublication(ManifestCommitter committer, CommitRequest job, BaseVersion base) {
    this.committer = committer;
    this.job = job;
    this.base = base;
  }

  @Override
  public Optional<Snapshot> publish(List<TaskObject> objects) throws IOException {
    List<ManifestEntry> files = new ArrayList<>();
    for (TaskObject object : objects) {
      if (!(object instanceof WrittenObject written)) {
        throw new IllegalStateException("not stored: " + object.location());
      }
      files.add(JobObjects.file(written, written.etag()));
    }
    return committer.commit(job.withFiles(files), base);
  }
}
