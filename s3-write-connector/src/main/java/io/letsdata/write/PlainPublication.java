// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.write.commit.CommitRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Publishes uploads that tasks left incomplete (SPEC.md, "Plain layout"). As soon as the recovery
 * record may be stored, this driver or recovery finishes the job. No process undoes it, because
 * another one could finish it at the same time.
 */
final class PlainPublication implements Publication {
  private final ObjectStore store;
  private final OutputLayout output;
  private final PlainCompletion completion;
  private final CommitRequest job;
  private final BaseVersion base;

  /**
   * @param job without its files
   * @param base latest version when the job began
   */
  PlainPublication(
      ObjectStore store,
      OutputLayout output,
      PlainCompletion completion,
      CommitRequest job,
      BaseVersion base) {
    this.store = store;
    this.output = output;
    this.completion = completion;
    this.job = job;
    this.base = base;
  }

  @Override
  public Optional<Snapshot> publish(List<TaskObject> objects) throws IOException {
    BaseVersion onto = completion.base(job, base);
    PendingCommit pending =
        PendingCommit.of(job, onto, completion.partitions(job, onto), uploads(objects));
    byte[] bytes = pending.toBytes();
    if (bytes.length > PendingCommit.MAX_BYTES) {
      throw new CommitRefused(
          "Cannot write to %s: the recovery record of %s objects has %s bytes, more than %s. Write fewer objects, or use layout=manifest."
              .formatted(output.output(), objects.size(), bytes.length, PendingCommit.MAX_BYTES));
    }
    ObjectLocation record = pending.location(output);
    try {
      store.put(record, ObjectContent.of(bytes));
      return completion.finish(pending, onto);
    } catch (CommitOutcomeUnknown | CommitRefused e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new CommitOutcomeUnknown(
          "Cannot finish the commit to "
              + output.output()
              + ": "
              + e.getMessage()
              + " Nothing was deleted. While "
              + record
              + " exists, the next write with layout=plain to this output finishes the commit.",
          e);
    }
  }

  private static List<PendingObject> uploads(List<TaskObject> objects) {
    List<PendingObject> uploads = new ArrayList<>();
    for (TaskObject object : objects) {
      if (!(object instanceof PendingObject upload)) {
        throw new IllegalStateException("already stored: " + object.location());
      }
      uploads.add(upload);
    }
    return uploads;
  }
}
