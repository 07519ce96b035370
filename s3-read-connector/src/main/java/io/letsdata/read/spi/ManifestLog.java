// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.options.Internal;
import io.letsdata.store.ListPage;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The published versions of one output, as the store has them. Each version is written once and
 * never changed. Thread-safe when the store is; the store's owner closes it.
 */
@Internal
public final class ManifestLog {
  /** More unfinished manifests than this in front of the latest one are an error. */
  private static final int MAX_UNFINISHED = 64;

  private static final Pattern TEMPORARY =
      Pattern.compile("(.*)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final ObjectStore store;
  private final OutputLayout layout;

  public ManifestLog(ObjectStore store, OutputLayout layout) {
    this.store = store;
    this.layout = layout;
  }

  /**
   * The number of the latest version, 0 before the first. One LIST of one key; one more for each
   * manifest that an s3proxy is storing at this moment.
   *
   * @throws ManifestException when an object that is no manifest of ours lies among the manifests
   */
  public long latestVersion() throws IOException {
    Optional<String> startAfter = Optional.empty();
    for (int unfinished = 0; unfinished <= MAX_UNFINISHED; unfinished++) {
      ListPage page = store.list(layout.bucket(), layout.manifestPrefix(), startAfter, 1);
      if (page.objects().isEmpty()) {
        return 0;
      }
      String key = page.objects().get(0).location().key();
      OptionalLong version = layout.versionOf(key);
      if (version.isPresent()) {
        return version.getAsLong();
      }
      if (!isUnfinished(key)) {
        throw new ManifestException(
            "Cannot read output %s: %s is not a manifest of LetsData. Move it elsewhere."
                .formatted(layout.output(), page.objects().get(0).location()));
      }
      startAfter = Optional.of(key);
    }
    throw new ManifestException(
        "Cannot read output %s: more than %s manifests under %s are incomplete. Delete those whose names end in a UUID."
            .formatted(layout.output(), MAX_UNFINISHED, layout.manifestPrefix()));
  }

  // The stand-in for S3 (s3proxy 4.1.0 on a file system) lists its temporary file, <key>-<UUID>,
  // until a put is complete.
  private boolean isUnfinished(String key) {
    Matcher matcher = TEMPORARY.matcher(key);
    return matcher.matches() && layout.versionOf(matcher.group(1)).isPresent();
  }

  /** The latest version; empty before the first. One LIST of one key, then one GET. */
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
        "Cannot read manifest %s: it is not a snapshot of version %s. Publish the output again."
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

  /** Where a version is. No request. */
  public ObjectLocation location(long version) {
    return new ObjectLocation(layout.bucket(), layout.manifestKey(version));
  }

  /** {@code s3://bucket/prefix}. */
  public String output() {
    return layout.output();
  }
}
