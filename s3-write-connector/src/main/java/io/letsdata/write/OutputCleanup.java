// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.options.Evolving;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ListedUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds the leftovers of failed jobs, lost workers and speculative attempts in an output: data
 * objects that no version names, and uploads that no recovery record names. It never deletes a
 * manifest, or an object that a manifest names. Stateless.
 *
 * <p>The objects of a running job look the same. A job that runs for more than {@link
 * JobMark#INTERVAL} has a mark, and what is younger than the oldest such job is kept; so {@code
 * olderThan} must be at least {@link #LEAST_AGE}. Objects and uploads of others, those of outputs
 * below this one included, are never found.
 */
@Evolving
public final class OutputCleanup {
  /** The least age of what is deleted: a job has its first mark before. */
  public static final Duration LEAST_AGE = JobMark.LIVES;

  private OutputCleanup() {}

  /**
   * Objects and uploads that can be deleted.
   *
   * @param output that has them
   * @param objects that no version names, and marks of jobs that ended without deleting them
   * @param uploads that no process will complete; none while there is an unusable record, because
   *     it may name any of them
   * @param unusable recovery records that cannot be used; {@link #delete} sets them aside, so that
   *     the next clean-up finds the uploads
   */
  public record Leftovers(
      OutputLayout output,
      List<ListedObject> objects,
      List<ListedUpload> uploads,
      List<Unusable> unusable) {
    public Leftovers {
      objects = List.copyOf(objects);
      uploads = List.copyOf(uploads);
      unusable = List.copyOf(unusable);
    }

    /** The sum of the lengths of all objects. */
    public long lengthBytes() {
      return objects.stream().mapToLong(object -> object.stat().lengthBytes()).sum();
    }
  }

  /**
   * A recovery record that cannot be used.
   *
   * @param record where it is
   * @param lengthBytes of it
   * @param why a clause for people
   */
  public record Unusable(ObjectLocation record, long lengthBytes, String why) {}

  /**
   * Finds leftovers. One LIST per thousand objects, uploads, marks, manifests and recovery records;
   * one GET per manifest version, recovery record and running job with a mark.
   *
   * @param output to clean up
   * @param now of the store's clock
   * @param olderThan only objects and uploads of this age
   * @throws IOException also when a manifest cannot be read: then no object is certainly a leftover
   */
  public static Leftovers find(
      ObjectStore store, OutputLayout output, Instant now, Duration olderThan) throws IOException {
    // Marks before manifests, and both after the objects: a job that commits in between is then
    // marked or named.
    List<ListedObject> objects = new ArrayList<>();
    for (ListedObject object : listed(store, output, output.dataPrefix())) {
      if (ObjectNames.isData(output, object.location())) {
        objects.add(object);
      }
    }
    for (ListedObject part : listed(store, output, output.partPrefix())) {
      String name = part.location().key().substring(output.partPrefix().length());
      if (PartRef.isName(name)) {
        objects.add(part);
      }
    }
    List<ListedUpload> uploads =
        new ArrayList<>(store.listUploads(output.bucket(), output.dataPrefix()));
    uploads.removeIf(upload -> !ObjectNames.isData(output, upload.location()));
    for (ListedUpload upload :
        store.listUploads(output.bucket(), ObjectNames.plainPrefix(output))) {
      if (ObjectNames.isPlain(output, upload.location())) {
        uploads.add(upload);
      }
    }
    RunningJobs jobs =
        RunningJobs.of(store, output, listed(store, output, JobMark.prefix(output)), now);
    Instant old = now.minus(olderThan);
    Instant before = jobs.began().isBefore(old) ? jobs.began() : old;
    objects.addAll(jobs.ended());
    objects.removeIf(object -> !object.modified().isBefore(before));
    uploads.removeIf(upload -> !upload.started().isBefore(before));
    List<Unusable> unusable = new ArrayList<>();
    Set<String> named = named(store, output, unusable);
    objects.removeIf(object -> named.contains(object.location().toString()));
    uploads.removeIf(upload -> !unusable.isEmpty() || named.contains(upload.location().toString()));
    return new Leftovers(output, objects, uploads, unusable);
  }

  /**
   * Deletes leftovers, and sets unusable records aside, below {@code _letsdata/refused/}. One
   * DELETE per thousand objects and one per upload; a GET, a PUT and a DELETE per unusable record.
   *
   * @throws IOException when one could not be deleted; others may be deleted
   */
  public static void delete(ObjectStore store, Leftovers leftovers) throws IOException {
    for (Unusable unusable : leftovers.unusable()) {
      setAside(store, leftovers.output(), unusable);
    }
    for (ListedUpload upload : leftovers.uploads()) {
      store.abortMultipart(upload.handle());
    }
    List<ObjectLocation> locations =
        leftovers.objects().stream().map(ListedObject::location).toList();
    if (!locations.isEmpty()) {
      store.delete(locations);
    }
  }

  private static void setAside(ObjectStore store, OutputLayout output, Unusable unusable)
      throws IOException {
    ObjectLocation record = unusable.record();
    try {
      byte[] bytes = store.read(record, new ByteRange(0, unusable.lengthBytes()));
      String unused = store.put(PendingCommit.refused(record, output), ObjectContent.of(bytes));
    } catch (ObjectNotFound e) {
      return; // a write has set it aside
    }
    store.delete(List.of(record));
  }

  /** The locations that a version or a recovery record names. */
  private static Set<String> named(ObjectStore store, OutputLayout output, List<Unusable> unusable)
      throws IOException {
    Set<String> named = new HashSet<>();
    for (ListedObject record : listed(store, output, PendingCommit.prefix(output))) {
      if (record.location().key().endsWith(".json")) {
        addPending(store, output, record, named, unusable);
      }
    }
    ManifestLog log = new ManifestLog(store, output);
    for (ListedObject listed : listed(store, output, output.manifestPrefix())) {
      OptionalLong version = output.versionOf(listed.location().key());
      if (version.isPresent()) {
        Snapshot manifest =
            log.version(version.getAsLong())
                .orElseThrow(
                    () ->
                        new IOException(
                            "Cannot clean up %s: %s was listed and does not exist any more. Find out which process deletes manifests."
                                .formatted(output.output(), listed.location())));
        for (PartRef part : manifest.parts()) {
          // Versions share parts: each is read once.
          if (named.add(log.location(part.name()).toString())) {
            files(log, part, manifest).forEach(file -> named.add(file.location()));
          }
        }
        manifest.files().stream().map(ManifestEntry::location).forEach(named::add);
      }
    }
    return named;
  }

  /** The files of a part; none when an expiry is deleting it with all its files. */
  private static List<ManifestEntry> files(ManifestLog log, PartRef part, Snapshot manifest)
      throws IOException {
    try {
      return log.part(part);
    } catch (ManifestException e) {
      if (manifest.state() == VersionState.LIVE) {
        throw e;
      }
      return List.of();
    }
  }

  private static void addPending(
      ObjectStore store,
      OutputLayout output,
      ListedObject record,
      Set<String> named,
      List<Unusable> unusable)
      throws IOException {
    ObjectLocation at = record.location();
    long lengthBytes = record.stat().lengthBytes();
    if (lengthBytes > PendingCommit.MAX_BYTES) {
      // No job writes it, so it names no upload of a job.
      return;
    }
    try {
      PendingCommit.parse(store.read(at, new ByteRange(0, lengthBytes)), at, output)
          .uploads()
          .forEach(upload -> named.add(upload.location()));
    } catch (UnusableRecord e) {
      unusable.add(new Unusable(at, lengthBytes, String.valueOf(e.getMessage())));
    } catch (ObjectNotFound finishedMeanwhile) {
      // Its manifest is published before the record is deleted, and is read after this.
    }
  }

  private static List<ListedObject> listed(ObjectStore store, OutputLayout output, String prefix)
      throws IOException {
    List<ListedObject> objects = new ArrayList<>();
    Iterator<ListedObject> all = store.listAll(output.bucket(), prefix);
    try {
      all.forEachRemaining(objects::add);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return objects;
  }
}
