// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.Evolving;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes plain commits that a driver began and did not finish. Safe at any time, also while that
 * driver runs: the second process finds each step done. Stateless.
 */
@Evolving
public final class OutputRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(OutputRecovery.class);

  private OutputRecovery() {}

  /**
   * The ends of the commits that had a recovery record.
   *
   * @param finished ids of the commits that are published, or that mode {@code ignore} gave up
   * @param setAside records of which no commit will ever come
   */
  public record Result(List<String> finished, List<SetAside> setAside) {
    public Result {
      finished = List.copyOf(finished);
      setAside = List.copyOf(setAside);
    }
  }

  /**
   * A record that was set aside: its job must not be published any more; it is not the record of a
   * job of this output; or a version of which it cannot be seen whether it is that of the job is
   * not readable, and then nothing of the job is deleted.
   *
   * @param record where it was
   * @param now where its bytes are now, below {@code _letsdata/refused/}; {@code record} when it is
   *     too large to be read
   * @param why a clause for people
   */
  public record SetAside(ObjectLocation record, ObjectLocation now, String why) {}

  /**
   * Brings every commit whose recovery record lies in {@code output} to its end: it is finished, or
   * it is refused for good, its objects are deleted and its record is set aside (and named in a
   * warning of the log). The record is also set aside, and no object deleted, when a manifest that
   * decides about it cannot be read. One LIST; for each record one GET and the requests of the
   * remaining steps; one PUT and one DELETE for a record that is set aside.
   *
   * @throws IOException when the end of a commit is unknown: the first such failure, after all
   *     other records were tried. The record stays, so a later call can finish the commit
   */
  public static Result finishPending(ObjectStore store, OutputLayout output) throws IOException {
    return finishPending(store, output, WritePlan.PAUSE);
  }

  static Result finishPending(ObjectStore store, OutputLayout output, RetryPause pause)
      throws IOException {
    List<String> finished = new ArrayList<>();
    List<SetAside> setAside = new ArrayList<>();
    Optional<IOException> unknown = Optional.empty();
    for (ListedObject listed : records(store, output)) {
      try {
        Optional<SetAside> refused = finish(store, output, pause, listed, finished);
        if (refused.isPresent()) {
          LOG.warn(
              "The recovery record {} is now {}, and its job will not be committed: {}",
              refused.get().record(),
              refused.get().now(),
              refused.get().why());
          setAside.add(refused.get());
        }
      } catch (IOException e) {
        if (unknown.isEmpty()) {
          unknown = Optional.of(e);
        } else {
          unknown.get().addSuppressed(e);
        }
      }
    }
    if (unknown.isPresent()) {
      throw unknown.get();
    }
    return new Result(finished, setAside);
  }

  private static Optional<SetAside> finish(
      ObjectStore store,
      OutputLayout output,
      RetryPause pause,
      ListedObject listed,
      List<String> finished)
      throws IOException {
    ObjectLocation record = listed.location();
    long lengthBytes = listed.stat().lengthBytes();
    if (lengthBytes > PendingCommit.MAX_BYTES) {
      return Optional.of(
          new SetAside(record, record, "it has " + lengthBytes + " bytes, too many for a record"));
    }
    byte[] bytes;
    try {
      bytes = store.read(record, new ByteRange(0, lengthBytes));
    } catch (ObjectNotFound e) {
      return Optional.empty(); // its driver has finished it
    }
    try {
      PendingCommit pending = PendingCommit.parse(bytes, record, output);
      completion(store, output, pause).recover(pending);
      finished.add(pending.id());
      return Optional.empty();
    } catch (UnusableRecord | CommitRefused | ManifestException e) {
      ObjectLocation now = PendingCommit.refused(record, output);
      String unused = store.put(now, ObjectContent.of(bytes));
      store.delete(List.of(record));
      return Optional.of(new SetAside(record, now, String.valueOf(e.getMessage())));
    }
  }

  private static List<ListedObject> records(ObjectStore store, OutputLayout output)
      throws IOException {
    List<ListedObject> records = new ArrayList<>();
    try {
      Iterator<ListedObject> listed = store.listAll(output.bucket(), PendingCommit.prefix(output));
      listed.forEachRemaining(
          object -> {
            // s3proxy also lists <key>-<UUID> while it stores a record.
            if (object.location().key().endsWith(".json")) {
              records.add(object);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return records;
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
