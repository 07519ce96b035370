// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Parts;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.options.Internal;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The published versions of one output, as the store has them. Each version is written once and
 * never changed. Thread-safe when the store is; the store's owner closes it.
 */
@Internal
public final class ManifestLog {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestLog.class);

  private final ObjectStore store;
  private final OutputLayout layout;

  public ManifestLog(ObjectStore store, OutputLayout layout) {
    this.store = store;
    this.layout = layout;
  }

  /**
   * The number of the latest version, 0 before the first. One LIST of two keys.
   *
   * <p>A key that is certainly not a version that a job wrote is passed over, and named in a
   * warning: one of another form, or of a number that no output reaches, and an object that is no
   * snapshot behind a gap, for a job publishes version N only when N - 1 exists. More requests only
   * then: one LIST of a thousand keys, and one GET for an object behind a gap. An object that is no
   * snapshot in the place of the next version stays the latest, because it may be one that was
   * damaged: to pass it over would lose its rows. Reading it fails and names it.
   *
   * @throws ManifestException when too many keys are not versions
   */
  public long latestVersion() throws IOException {
    VersionKeys keys = new VersionKeys(store, layout);
    long version = keys.next();
    while (version > 1) {
      long below = keys.next();
      if (below == version - 1 || below == 0 || isSnapshot(version)) {
        return version;
      }
      LOG.warn(
          "{} is not a version that a job of LetsData wrote: it is no snapshot, and version {} does not exist. It is passed over. Move it elsewhere.",
          location(version),
          version - 1);
      version = below;
    }
    return version;
  }

  private boolean isSnapshot(long version) throws IOException {
    try {
      return version(version).isPresent();
    } catch (ManifestException e) {
      return false;
    }
  }

  /** The latest version; empty before the first. One LIST of two keys, then one GET. */
  public Optional<Snapshot> latest() throws IOException {
    long version = latestVersion();
    return version == 0 ? Optional.empty() : Optional.of(read(version));
  }

  /** One version; empty when it is not published. One GET. */
  public Optional<Snapshot> version(long version) throws IOException {
    try {
      return Optional.of(read(version));
    } catch (ObjectNotFound e) {
      return Optional.empty();
    }
  }

  /**
   * One version that is published. One GET.
   *
   * @throws ObjectNotFound when it is not published
   * @throws ManifestException when the object is not a snapshot of that version
   */
  public Snapshot read(long version) throws IOException {
    ObjectLocation location = location(version);
    if (Manifests.parse(ManifestBytes.read(store, location), location.toString())
            instanceof Snapshot manifest
        && manifest.version() == version) {
      return manifest;
    }
    throw new ManifestException(
        "Cannot read manifest %s: it is not a snapshot of version %s. Restore it, overwrite the output, or delete it when no job wrote it."
            .formatted(location, version));
  }

  /**
   * Stores {@code manifest} as its version unless that version exists. One PUT with If-None-Match.
   *
   * @return false when the version exists
   */
  public boolean publish(Snapshot manifest) throws IOException {
    return store.putIfAbsent(
        location(manifest.version()), ObjectContent.of(Manifests.toBytes(manifest)));
  }

  /**
   * All files of a version in reading order. One GET per part, when its first file is asked for; at
   * most one part is in memory. Failures are thrown as {@link UncheckedIOException}.
   */
  public Iterator<ManifestEntry> files(Snapshot version) {
    return new PartIterator(this::part, version);
  }

  /** All files of a version in reading order. One GET per part. */
  public List<ManifestEntry> allFiles(Snapshot version) throws IOException {
    List<ManifestEntry> files = new ArrayList<>();
    for (PartRef part : version.parts()) {
      files.addAll(part(part));
    }
    files.addAll(version.files());
    return files;
  }

  /**
   * The files of a part. One GET.
   *
   * @throws ManifestException when the object is missing or has other bytes than the manifest names
   */
  public List<ManifestEntry> part(PartRef part) throws IOException {
    ObjectLocation location = location(part.name());
    try {
      byte[] bytes = store.read(location, new ByteRange(0, part.lengthBytes()));
      return Parts.parse(bytes, part, location.toString());
    } catch (ObjectNotFound e) {
      throw new ManifestException(
          "Cannot read manifest %s: the object does not exist any more. Restore it, or roll the output back."
              .formatted(location),
          e);
    }
  }

  /**
   * Stores a part. One PUT; storing it again after a failure is harmless.
   *
   * @param name that no other part has or will have
   */
  public PartRef storePart(String name, List<ManifestEntry> files) throws IOException {
    byte[] bytes = Parts.toBytes(files);
    PartRef part = Parts.reference(name, bytes, files);
    String unused = store.put(location(name), ObjectContent.of(bytes));
    return part;
  }

  /** Where a part is. No request. */
  public ObjectLocation location(String partName) {
    return new ObjectLocation(layout.bucket(), layout.partKey(partName));
  }

  /**
   * The latest version that was committed at {@code time} or before; empty when there is none. One
   * LIST of two keys and one GET for each halving of the number of versions.
   */
  public Optional<Snapshot> at(Instant time) throws IOException {
    long from = 0;
    long to = latestVersion();
    Optional<Snapshot> found = Optional.empty();
    while (from < to) {
      long middle = from + (to - from + 1) / 2;
      Snapshot version = read(middle);
      // Versions of byte format 1 have no time: they are before all others.
      if (version.lineage().filter(l -> l.time().isAfter(time)).isPresent()) {
        to = middle - 1;
      } else {
        found = Optional.of(version);
        from = middle;
      }
    }
    return found;
  }

  /** Where a version is. No request. */
  public ObjectLocation location(long version) {
    return new ObjectLocation(layout.bucket(), layout.manifestKey(version));
  }

  /** {@code s3://bucket/prefix}. */
  public String output() {
    return layout.output();
  }
}
