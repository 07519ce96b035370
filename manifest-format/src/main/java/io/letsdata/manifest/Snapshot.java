// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Our own manifest: an exact snapshot of a data set (SPEC.md, "Snapshot"). Immutable.
 *
 * @param formatVersion version of the byte format; this build writes and reads {@link
 *     #FORMAT_VERSION}
 * @param id unique to one publication; two manifests with the same id are the same publication,
 *     which decides a commit whose response was lost
 * @param version of the data set, from 1; also in the manifest's key
 * @param format encoding of the objects: {@code text}, {@code json}, {@code csv}, {@code parquet},
 *     {@code warc}
 * @param schemaJson Spark's {@code StructType.json()}, compact, when known
 * @param options for readers of the format, such as {@code lineSep}
 * @param layout of the whole output, which all its versions have in common
 * @param files entries in reading order; no location twice; may be empty
 */
@Internal
public record Snapshot(
    int formatVersion,
    String id,
    long version,
    String format,
    Optional<String> schemaJson,
    Map<String, String> options,
    Layout layout,
    List<ManifestEntry> files)
    implements ManifestDocument {

  /** The one version of the byte format so far. */
  public static final int FORMAT_VERSION = 1;

  public Snapshot {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "formatVersion must be " + FORMAT_VERSION + ", not " + formatVersion);
    }
    if (id.isBlank()) {
      throw new IllegalArgumentException("id must not be blank");
    }
    if (version < 1) {
      throw new IllegalArgumentException("version must be at least 1, not " + version);
    }
    if (format.isBlank()) {
      throw new IllegalArgumentException("format must not be blank");
    }
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    files = List.copyOf(files);
    Set<String> locations = new HashSet<>();
    for (ManifestEntry file : files) {
      if (!locations.add(file.location())) {
        throw new IllegalArgumentException("location " + file.location() + " is named twice");
      }
    }
  }

  /** A manifest in the current byte format, of an output with {@link Layout#MANIFEST}. */
  public static Snapshot of(
      String id,
      long version,
      String format,
      Optional<String> schemaJson,
      Map<String, String> options,
      List<ManifestEntry> files) {
    return of(id, version, format, schemaJson, options, Layout.MANIFEST, files);
  }

  /** A manifest in the current byte format. */
  public static Snapshot of(
      String id,
      long version,
      String format,
      Optional<String> schemaJson,
      Map<String, String> options,
      Layout layout,
      List<ManifestEntry> files) {
    return new Snapshot(FORMAT_VERSION, id, version, format, schemaJson, options, layout, files);
  }
}
