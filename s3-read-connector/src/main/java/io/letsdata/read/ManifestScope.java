// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.OutputLayout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the objects that a manifest names may be. Who writes a manifest must not make a reader
 * fetch what only the reader may see. Pure; immutable.
 *
 * @param output below which every object may be
 * @param buckets in which every object may be; {@code *} allows all
 */
record ManifestScope(Optional<OutputLayout> output, Set<String> buckets) {
  private static final String ALL = "*";

  ManifestScope {
    buckets = Set.copyOf(buckets);
  }

  /** Of a manifest that the user wrote into the program or has in a file. */
  static ManifestScope everywhere() {
    return new ManifestScope(Optional.empty(), Set.of(ALL));
  }

  /** This scope and more buckets. */
  ManifestScope plus(Set<String> more) {
    Set<String> all = new TreeSet<>(buckets);
    all.addAll(more);
    return new ManifestScope(output, all);
  }

  /**
   * Refuses a manifest that names an object elsewhere.
   *
   * @param name of the manifest, for the message
   */
  void requireAll(List<ManifestEntry> entries, String name) throws ManifestException {
    for (ManifestEntry entry : entries) {
      require(entry.bucket(), entry.key(), name);
    }
  }

  void require(String bucket, String key, String name) throws ManifestException {
    boolean ofOutput =
        output.isPresent()
            && bucket.equals(output.get().bucket())
            && key.startsWith(output.get().prefix().isEmpty() ? "" : output.get().prefix() + "/");
    if (!ofOutput && !buckets.contains(ALL) && !buckets.contains(bucket)) {
      throw new ManifestException(
          "Cannot read manifest %s: it names s3://%s/%s, and objects may be in %s only. If you trust the manifest, allow it with the option 'other-buckets'='%s'."
              .formatted(name, bucket, key, text(), bucket));
    }
  }

  private String text() {
    String places = output.map(OutputLayout::output).orElse("");
    for (String bucket : new TreeSet<>(buckets)) {
      places += (places.isEmpty() ? "" : ", ") + "bucket " + bucket;
    }
    return places;
  }
}
