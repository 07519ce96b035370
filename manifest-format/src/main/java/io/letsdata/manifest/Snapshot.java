// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.manifest.version.TableState;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Our own manifest: an exact snapshot of a data set (SPEC.md, "Snapshot"). Immutable.
 *
 * <p>In byte format 1 it names all its files. In byte format 2, the manifest of an output's
 * version, it has a lineage, and most of its files are in parts: read them with {@code
 * ManifestLog.files}.
 *
 * @param id unique to one publication; two manifests with the same id are the same publication,
 *     which decides a commit whose response was lost
 * @param version of the data set, from 1; also in the manifest's key
 * @param format encoding of the objects: {@code text}, {@code json}, {@code csv}, {@code parquet},
 *     {@code orc}, {@code avro}, {@code warc}
 * @param schemaJson Spark's {@code StructType.json()}, compact, when known; with the partition
 *     columns
 * @param options for readers of the format, such as {@code lineSep}
 * @param layout of the whole output, which all its versions have in common
 * @param lineage the commit that made this version; empty in byte format 1
 * @param table values of the output as a table; {@link TableState#NONE} in byte format 1
 * @param parts of the list of files, whose files come before {@code files}; empty in byte format 1
 * @param files that the manifest names itself, in reading order; no location twice; may be empty
 */
@Internal
public record Snapshot(
    String id,
    long version,
    String format,
    Optional<String> schemaJson,
    Map<String, String> options,
    Layout layout,
    Optional<Lineage> lineage,
    TableState table,
    List<PartRef> parts,
    List<ManifestEntry> files)
    implements ManifestDocument {

  /** The newest byte format, which every output is written in. */
  public static final int FORMAT_VERSION = 2;

  public Snapshot {
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
    parts = List.copyOf(parts);
    files = List.copyOf(files);
    if (lineage.isEmpty() && !(parts.isEmpty() && table.equals(TableState.NONE))) {
      throw new IllegalArgumentException("a manifest without lineage has no parts and no table");
    }
    if (lineage.filter(l -> l.state() == VersionState.PURGED).isPresent()
        && !(parts.isEmpty() && files.isEmpty())) {
      throw new IllegalArgumentException("a purged version has no files");
    }
    Set<String> names = new HashSet<>();
    for (ManifestEntry file : files) {
      if (!names.add(file.location())) {
        throw new IllegalArgumentException("location " + file.location() + " is named twice");
      }
    }
    for (PartRef part : parts) {
      if (!names.add(part.name())) {
        throw new IllegalArgumentException("part " + part.name() + " is named twice");
      }
    }
  }

  /** A manifest in byte format 1, with {@link Layout#MANIFEST}. */
  public static Snapshot of(
      String id,
      long version,
      String format,
      Optional<String> schemaJson,
      Map<String, String> options,
      List<ManifestEntry> files) {
    return of(id, version, format, schemaJson, options, Layout.MANIFEST, files);
  }

  /** A manifest in byte format 1. */
  public static Snapshot of(
      String id,
      long version,
      String format,
      Optional<String> schemaJson,
      Map<String, String> options,
      Layout layout,
      List<ManifestEntry> files) {
    return new Snapshot(
        id,
        version,
        format,
        schemaJson,
        options,
        layout,
        Optional.empty(),
        TableState.NONE,
        List.of(),
        files);
  }

  /** The version of the byte format: 1 without a lineage, else 2. */
  public int formatVersion() {
    return lineage.isPresent() ? FORMAT_VERSION : 1;
  }

  /** Whether the version may be read. */
  public VersionState state() {
    return lineage.map(Lineage::state).orElse(VersionState.LIVE);
  }

  /** The same version after its expiry; a purged one names no files. */
  public Snapshot in(VersionState state) {
    Lineage before =
        lineage.orElseThrow(
            () -> new IllegalStateException("version " + version + " has no lineage"));
    boolean purged = state == VersionState.PURGED;
    return new Snapshot(
        id,
        version,
        format,
        schemaJson,
        options,
        layout,
        Optional.of(before.in(state)),
        table,
        purged ? List.of() : parts,
        purged ? List.of() : files);
  }

  /** The number of all files, those of the parts included. */
  public long fileCount() {
    return parts.stream().mapToLong(PartRef::files).sum() + files.size();
  }

  /** The rows of all files; empty when those of one are unknown. */
  public OptionalLong rowCount() {
    List<OptionalLong> numbers = new ArrayList<>(parts.stream().map(PartRef::rows).toList());
    numbers.add(ManifestEntry.totalRows(files));
    return sum(numbers);
  }

  /** The bytes of all files; empty when the length of one is unknown. */
  public OptionalLong dataBytes() {
    List<OptionalLong> numbers = new ArrayList<>(parts.stream().map(PartRef::dataBytes).toList());
    numbers.add(ManifestEntry.totalBytes(files));
    return sum(numbers);
  }

  private static OptionalLong sum(List<OptionalLong> numbers) {
    long sum = 0;
    for (OptionalLong number : numbers) {
      if (number.isEmpty()) {
        return OptionalLong.empty();
      }
      sum = Math.addExact(sum, number.getAsLong());
    }
    return OptionalLong.of(sum);
  }
}
