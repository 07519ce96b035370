// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.Internal;
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
 * Finishes plain commits that a driver began and did not end. Safe at any time, also while that
 * driver is alive: whoever comes second finds the work done. Stateless.
 */
@Internal
public final class OutputRecovery {
  private OutputRecovery() {}

  /**
   * Finishes every commit whose recovery record lies in {@code output}. One LIST; for each record
   * one GET and what is left to do.
   *
   * @return ids of the commits that are finished now
   * @throws IOException for the first that cannot be finished; its record stays
   */
  public static List<String> finishPending(ObjectStore store, OutputLayout output)
      throws IOException {
    return finishPending(store, output, WritePlan.PAUSE);
  }

  static List<String> finishPending(ObjectStore store, OutputLayout output, Pause pause)
      throws IOException {
    List<ObjectLocation> records = new ArrayList<>();
    try {
      Iterator<ListedObject> listed = store.listAll(output.bucket(), PendingCommit.prefix(output));
      listed.forEachRemaining(
          object -> {
            // Not what s3proxy lists under <key>-<UUID> while it stores a record.
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
        continue; // its driver finished meanwhile
      }
      PendingCommit pending = PendingCommit.parse(bytes, record.toString());
      completion(store, output, pause).finish(pending);
      finished.add(pending.id());
    }
    return finished;
  }

  /** The steps after the record, as the driver runs them too. */
  static PlainCompletion completion(ObjectStore store, OutputLayout output, Pause pause) {
    ManifestLog log = new ManifestLog(store, output);
    return new PlainCompletion(
        store,
        output,
        log,
        new ManifestCommitter(
            log, new SchemaRule(), pause, ManifestCommitter.Publishers.DRIVER_AND_RECOVERY));
  }
}
