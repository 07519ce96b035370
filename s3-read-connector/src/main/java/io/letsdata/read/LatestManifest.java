package io.letsdata.read;

import io.letsdata.manifest.Manifest;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ListPage;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/** Finds committed versions of an output. Stateless; each method says what it costs. */
public final class LatestManifest {
  private LatestManifest() {}

  /**
   * The latest committed version: one LIST of one key, then one GET; only the LIST when nothing is
   * committed.
   */
  public static Optional<Manifest> find(ObjectStore store, OutputLayout output) throws IOException {
    Optional<Long> version = version(store, output);
    return version.isEmpty() ? Optional.empty() : Optional.of(read(store, output, version.get()));
  }

  /** The number of the latest committed version, from 1. One LIST of one key. */
  public static Optional<Long> version(ObjectStore store, OutputLayout output) throws IOException {
    ListPage page = store.list(output.bucket(), output.manifestPrefix(), Optional.empty(), 1);
    if (page.objects().isEmpty()) {
      return Optional.empty();
    }
    ListedObject first = page.objects().get(0);
    String key = first.location().key();
    long version =
        output
            .versionOf(key)
            .orElseThrow(
                () ->
                    new ManifestException(
                        "Cannot read output %s: %s is no manifest of ours. Move it elsewhere."
                            .formatted(output.output(), first.location())));
    return Optional.of(version);
  }

  /**
   * One version. One GET.
   *
   * @throws ManifestException when it is no snapshot of that version
   */
  public static Manifest read(ObjectStore store, OutputLayout output, long version)
      throws IOException {
    ObjectLocation location = new ObjectLocation(output.bucket(), output.manifestKey(version));
    if (Manifests.parse(store.read(location), location.toString()) instanceof Manifest manifest
        && manifest.version() == version) {
      return manifest;
    }
    throw new ManifestException(
        "Cannot read manifest %s: it is no snapshot of version %d. Publish the output again."
            .formatted(location, version));
  }
}
