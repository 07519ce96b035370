// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.core.JsonToken;
import io.letsdata.manifest.json.JsonFields;
import io.letsdata.manifest.version.Partition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the entries of a snapshot or of a part; no location twice. For one document. */
final class EntryReader {
  private final JsonFields fields;
  private final int maxEntries;
  private final Set<String> locations = new HashSet<>();
  private int statistics;

  EntryReader(JsonFields fields, int maxEntries) {
    this.fields = fields;
    this.maxEntries = maxEntries;
  }

  /** The array of entries at which the parser stands. */
  List<ManifestEntry> files() throws IOException {
    List<ManifestEntry> result = new ArrayList<>();
    fields.array(
        "files",
        name -> {
          if (result.size() == maxEntries) {
            throw fields.unreadable("more than " + maxEntries + " objects. Split it into several");
          }
          ManifestEntry file = file();
          if (!locations.add(file.location())) {
            throw fields.unreadable(file.location() + " is named twice. Publish it again");
          }
          result.add(file);
        });
    return result;
  }

  /** The entry at whose beginning the parser stands. */
  ManifestEntry file() throws IOException {
    fields.expect("files", JsonToken.START_OBJECT, "an array of objects");
    Entry entry = new Entry();
    fields.object("files", entry::field);
    String location = fields.required("location", entry.location);
    return fields.valid(
        () ->
            new ManifestEntry(
                location, entry.lengthBytes, entry.etag, entry.rows, entry.stats, entry.partition));
  }

  private final class Entry {
    private @Nullable String location;
    private OptionalLong lengthBytes = OptionalLong.empty();
    private Optional<String> etag = Optional.empty();
    private OptionalLong rows = OptionalLong.empty();
    private Map<String, ColumnStats> stats = Map.of();
    private Partition partition = Partition.NONE;

    void field(String name) throws IOException {
      switch (name) {
        case "location" -> location = fields.string(name);
        case "lengthBytes" -> lengthBytes = OptionalLong.of(fields.number(name, 0));
        case "etag" -> etag = Optional.of(fields.string(name));
        case "rows" -> rows = OptionalLong.of(fields.number(name, 0));
        case "partition" -> partition = partition();
        case "stats" -> stats = stats();
        default -> fields.ignoreOrReject(name);
      }
    }
  }

  private Partition partition() throws IOException {
    List<Partition.Value> values = new ArrayList<>();
    fields.object(
        "partition",
        column -> {
          String text = fields.stringOrNull(column);
          values.add(fields.valid(() -> new Partition.Value(column, text)));
        });
    return fields.valid(() -> new Partition(values));
  }

  private Map<String, ColumnStats> stats() throws IOException {
    Map<String, ColumnStats> result = new HashMap<>();
    fields.object(
        "stats",
        column -> {
          if (++statistics > maxEntries) {
            throw fields.unreadable(
                "more than " + maxEntries + " column statistics. Leave some out");
          }
          result.put(column, columnStats(column));
        });
    return result;
  }

  private ColumnStats columnStats(String column) throws IOException {
    Map<String, String> bounds = new HashMap<>();
    List<Long> nulls = new ArrayList<>();
    fields.object(
        column,
        name -> {
          switch (name) {
            case "nulls" -> nulls.add(fields.number(name, 0));
            case "min", "max" -> bounds.put(name, fields.string(name));
            default -> fields.ignoreOrReject(name);
          }
        });
    return new ColumnStats(
        nulls.isEmpty() ? OptionalLong.empty() : OptionalLong.of(nulls.get(0)),
        Optional.ofNullable(bounds.get("min")),
        Optional.ofNullable(bounds.get("max")));
  }
}
