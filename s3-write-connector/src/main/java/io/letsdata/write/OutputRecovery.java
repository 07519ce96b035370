// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.Evolving;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Finishes plain commits that a driver began and did not finish. Safe at any time, also while that
 * driver runs: the second process finds each step done. Stateless.
 */
@Evolving
public final class OutputRecovery {
  private OutputRecovery() {}

  /**
   * Finishes every commit whose recovery record lies in {@code output}. One LIST; for each record
   * one GET and the requests of the remaining steps.
   *
   * @return ids of the commits that are finished now
   * @throws IOException for the first commit that cannot be finished; its record is kept
   */
  public static List<String> finishPending(ObjectStore store, OutputLayout output)
      throws IOException {
    return finishPending(store, output, WritePlan.PAUSE);
  }

  static List<String> finishPending(ObjectStore store, OutputLayout output, RetryPause pause)
      throws IOException {
    List<ObjectLocation> records = new ArrayList<>();
    try {
      Iterator<ListedObject> listed = store.listAll(output.bucket(), PendingCommit.prefix(output));
      listed.forEachRemaining(
          object -> {
            // s3proxy also lists <key>-<UUID> while it stores a record.
            if (object.location().key().endsWith(".json")) {
              records.add(object.location());
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    List<String> finished = new ArrayList<>();
    for (ObjectLocation record : records) {
      byte[] bytes;
      try {
        bytes = store.read(record);
      } catch (ObjectNotFound e) {
        continue; // its driver has finished it
      }
      PendingCommit pending = PendingCommit.parse(bytes, record.toString());
      completion(store, output, pause).finish(pending);
      finished.add(pending.id());
    }
    return finished;
  }

  /** The steps after the recovery record; the driver runs the same ones. */
  static PlainCompletion completion(ObjectStore store, OutputLayout output, RetryPause pause) {
    ManifestLog log = new ManifestLog(store, output);
    return new PlainCompletion(
        store,
        output,
        log,
        new ManifestCommitter(
            log, new SchemaRule(), pause, ManifestCommitter.Publishers.DRIVER_AND_RECOVERY));
  }
}
