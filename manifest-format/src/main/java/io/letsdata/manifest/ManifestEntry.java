// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.manifest.version.Partition;
import io.letsdata.options.Internal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One object of a manifest: one line of a list, one partition of a scan.
 *
 * @param location {@code s3://bucket/key}; the key is verbatim, never URL-decoded
 * @param lengthBytes the object's length, when known
 * @param etag the object's etag without quotes, when known: readers then reject a changed object
 * @param rows rows in the object, when known
 * @param stats by column name; a column without an entry is unknown
 * @param partition of all its rows; {@link Partition#NONE} where there are no partition columns
 */
@Internal
public record ManifestEntry(
    String location,
    OptionalLong lengthBytes,
    Optional<String> etag,
    OptionalLong rows,
    Map<String, ColumnStats> stats,
    Partition partition) {

  public ManifestEntry {
    Locations.requireLocation(location);
    requireNotNegative("lengthBytes", lengthBytes);
    requireNotNegative("rows", rows);
    if (etag.isPresent() && (etag.get().isEmpty() || etag.get().indexOf('"') >= 0)) {
      throw new IllegalArgumentException("etag must be non-empty and without quotes: " + etag);
    }
    stats = Collections.unmodifiableMap(new TreeMap<>(stats));
  }

  /** An object without partition. */
  public ManifestEntry(
      String location,
      OptionalLong lengthBytes,
      Optional<String> etag,
      OptionalLong rows,
      Map<String, ColumnStats> stats) {
    this(location, lengthBytes, etag, rows, stats, Partition.NONE);
  }

  /** This entry with statistics and a partition. */
  public ManifestEntry with(Map<String, ColumnStats> newStats, Partition newPartition) {
    return new ManifestEntry(location, lengthBytes, etag, rows, newStats, newPartition);
  }

  /** An object whose location only is known. */
  public static ManifestEntry of(String location) {
    return new ManifestEntry(
        location, OptionalLong.empty(), Optional.empty(), OptionalLong.empty(), Map.of());
  }

  /** An object pinned to one version; {@code rows} may be empty. */
  public static ManifestEntry pinned(
      String location, long lengthBytes, String etag, OptionalLong rows) {
    return new ManifestEntry(
        location, OptionalLong.of(lengthBytes), Optional.of(etag), rows, Map.of());
  }

  /** The bucket of {@link #location}. */
  public String bucket() {
    return Locations.bucket(location);
  }

  /** The key of {@link #location}, verbatim. */
  public String key() {
    return Locations.key(location);
  }

  /** The sum of the lengths; empty when one of them is unknown. */
  public static OptionalLong totalBytes(List<ManifestEntry> entries) {
    return sum(entries, ManifestEntry::lengthBytes);
  }

  /** The sum of the rows; empty when one of them is unknown. */
  public static OptionalLong totalRows(List<ManifestEntry> entries) {
    return sum(entries, ManifestEntry::rows);
  }

  private static OptionalLong sum(
      List<ManifestEntry> entries, Function<ManifestEntry, OptionalLong> value) {
    long sum = 0;
    for (ManifestEntry entry : entries) {
      OptionalLong addend = value.apply(entry);
      if (addend.isEmpty()) {
        return OptionalLong.empty();
      }
      sum = Math.addExact(sum, addend.getAsLong());
    }
    return OptionalLong.of(sum);
  }

  private static void requireNotNegative(String name, OptionalLong value) {
    if (value.isPresent() && value.getAsLong() < 0) {
      throw new IllegalArgumentException(name + " must be at least 0, not " + value.getAsLong());
    }
  }
}
