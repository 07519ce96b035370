// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.options.Internal;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/**
 * The chain of published manifests of one output, as the store has it. Each version is written once
 * and never changed. Thread-safe when the store is; closes nothing.
 */
@Internal
public final class ManifestLog {
  private final ObjectStore store;
  private final OutputLayout layout;

  public ManifestLog(ObjectStore store, OutputLayout layout) {
    this.store = store;
    this.layout = layout;
  }

  /** Number of the latest version, 0 before the first. One LIST of one key. */
  public long latestVersion() throws IOException {
    return LatestManifest.version(store, layout).orElse(0L);
  }

  /** Reads exactly one version; empty when it is not published. One GET. */
  public Optional<Snapshot> version(long version) throws IOException {
    try {
      return Optional.of(LatestManifest.read(store, layout, version));
    } catch (ObjectNotFound e) {
      return Optional.empty();
    }
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

  /** Where a version is. */
  public ObjectLocation location(long version) {
    return new ObjectLocation(layout.bucket(), layout.manifestKey(version));
  }

  /** {@code s3://bucket/prefix}. */
  public String output() {
    return layout.output();
  }
}
