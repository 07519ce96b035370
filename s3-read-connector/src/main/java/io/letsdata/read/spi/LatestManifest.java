// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.options.Internal;
import io.letsdata.store.ListPage;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds committed versions of an output. Stateless; each method says what it costs. */
@Internal
public final class LatestManifest {
  /** More putters than this at once, or crashed ones left behind, are not waited out. */
  private static final int MAX_UNFINISHED = 64;

  private static final Pattern TEMPORARY =
      Pattern.compile("(.*)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private LatestManifest() {}

  /**
   * The latest committed version: one LIST of one key, then one GET; only the LIST when nothing is
   * committed.
   */
  public static Optional<Snapshot> find(ObjectStore store, OutputLayout output) throws IOException {
    Optional<Long> version = version(store, output);
    return version.isEmpty() ? Optional.empty() : Optional.of(read(store, output, version.get()));
  }

  /**
   * The number of the latest committed version, from 1. One LIST of one key; one more for each
   * manifest that an s3proxy is just storing.
   */
  public static Optional<Long> version(ObjectStore store, OutputLayout output) throws IOException {
    Optional<String> startAfter = Optional.empty();
    for (int unfinished = 0; unfinished <= MAX_UNFINISHED; unfinished++) {
      ListPage page = store.list(output.bucket(), output.manifestPrefix(), startAfter, 1);
      if (page.objects().isEmpty()) {
        return Optional.empty();
      }
      String key = page.objects().get(0).location().key();
      OptionalLong version = output.versionOf(key);
      if (version.isPresent()) {
        return Optional.of(version.getAsLong());
      }
      if (!isUnfinished(output, key)) {
        throw new ManifestException(
            "Cannot read output %s: %s is no manifest of ours. Move it elsewhere."
                .formatted(output.output(), page.objects().get(0).location()));
      }
      startAfter = Optional.of(key);
    }
    throw new ManifestException(
        "Cannot read output %s: more than %d manifests under %s were never stored to their end. Delete those whose names end in a UUID."
            .formatted(output.output(), MAX_UNFINISHED, output.manifestPrefix()));
  }

  // The stand-in for S3 (s3proxy 4.1.0 on a file system) lists its temporary file, <key>-<UUID>,
  // until a put is complete.
  private static boolean isUnfinished(OutputLayout output, String key) {
    Matcher matcher = TEMPORARY.matcher(key);
    return matcher.matches() && output.versionOf(matcher.group(1)).isPresent();
  }

  /**
   * One version. One GET.
   *
   * @throws ManifestException when it is no snapshot of that version
   */
  public static Snapshot read(ObjectStore store, OutputLayout output, long version)
      throws IOException {
    ObjectLocation location = new ObjectLocation(output.bucket(), output.manifestKey(version));
    if (Manifests.parse(store.read(location), location.toString()) instanceof Snapshot manifest
        && manifest.version() == version) {
      return manifest;
    }
    throw new ManifestException(
        "Cannot read manifest %s: it is no snapshot of version %d. Publish the output again."
            .formatted(location, version));
  }
}
