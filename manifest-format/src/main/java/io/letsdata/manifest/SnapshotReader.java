// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot as a stream of tokens, so that each error names its place (SPEC.md, "Snapshot").
 * For one use.
 */
final class SnapshotReader {
  static final String VERSION_FIELD = "letsdataManifest";

  private static final int MAX_SCHEMA_CHARS = 16 * 1024 * 1024;
  private static final int MAX_OPTIONS = 1_000;
  private static final int MAX_IGNORED_NAMES = 100_000;

  private final JsonParser parser;
  private final String sourceName;
  private final int skippedBytes;
  private final int maxEntries;
  private final Set<String> locations = new HashSet<>();
  private int statistics;
  private int ignoredNames;

  private @Nullable String id;
  private @Nullable Long version;
  private @Nullable String format;
  private Optional<String> schemaJson = Optional.empty();
  private Map<String, String> options = Map.of();
  private Layout layout = Layout.MANIFEST;
  private @Nullable List<ManifestEntry> files;

  /** The parser stands at the name of the version field. */
  SnapshotReader(JsonParser parser, String sourceName, int skippedBytes, int maxEntries) {
    this.parser = parser;
    this.sourceName = sourceName;
    this.skippedBytes = skippedBytes;
    this.maxEntries = maxEntries;
  }

  Snapshot read() throws IOException {
    parser.nextToken();
    formatVersion();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      field(name);
    }
    if (parser.nextToken() != null) {
      throw unreadable("more data after the end of the manifest. Remove it");
    }
    try {
      return Snapshot.of(
          required("id", id),
          required("version", version),
          required("format", format),
          schemaJson,
          options,
          layout,
          required("files", files));
    } catch (IllegalArgumentException e) {
      throw unreadable(e.getMessage() + ". Publish it again");
    }
  }

  private void formatVersion() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
        || parser.getLongValue() != Snapshot.FORMAT_VERSION) {
      throw unreadable(
          "format version %s, but this reader knows only %s. Upgrade the connector"
              .formatted(parser.getText(), Snapshot.FORMAT_VERSION));
    }
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "id" -> id = string(name);
      case "version" -> version = number(name, 1);
      case "format" -> format = string(name);
      case "schema" -> schemaJson = Optional.of(compactObject(name));
      case "options" -> options = strings(name);
      case "layout" -> layout = layout(string(name));
      case "files" -> files = files();
      default -> ignoreOrReject(name);
    }
  }

  private Layout layout(String text) throws IOException {
    try {
      return Layout.parse(text);
    } catch (IllegalArgumentException e) {
      throw unreadable(e.getMessage() + ". Upgrade the connector, or publish it again");
    }
  }

  private List<ManifestEntry> files() throws IOException {
    expect("files", JsonToken.START_ARRAY, "an array");
    List<ManifestEntry> result = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (result.size() == maxEntries) {
        throw unreadable("more than " + maxEntries + " objects. Split it into several");
      }
      result.add(file());
    }
    return result;
  }

  private ManifestEntry file() throws IOException {
    expect("files", JsonToken.START_OBJECT, "an array of objects");
    String location = null;
    OptionalLong lengthBytes = OptionalLong.empty();
    Optional<String> etag = Optional.empty();
    OptionalLong rows = OptionalLong.empty();
    Map<String, ColumnStats> stats = Map.of();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "location" -> location = string(name);
        case "lengthBytes" -> lengthBytes = OptionalLong.of(number(name, 0));
        case "etag" -> etag = Optional.of(string(name));
        case "rows" -> rows = OptionalLong.of(number(name, 0));
        case "stats" -> stats = stats();
        default -> ignoreOrReject(name);
      }
    }
    try {
      ManifestEntry file =
          new ManifestEntry(required("location", location), lengthBytes, etag, rows, stats);
      if (!locations.add(file.location())) {
        throw unreadable(file.location() + " is named twice. Publish it again");
      }
      return file;
    } catch (IllegalArgumentException e) {
      throw unreadable(e.getMessage() + ". Publish it again");
    }
  }

  private Map<String, ColumnStats> stats() throws IOException {
    expect("stats", JsonToken.START_OBJECT, "an object");
    Map<String, ColumnStats> result = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String column = parser.currentName();
      parser.nextToken();
      if (++statistics > maxEntries) {
        throw unreadable("more than " + maxEntries + " column statistics. Leave some out");
      }
      result.put(column, columnStats(column));
    }
    return result;
  }

  private ColumnStats columnStats(String column) throws IOException {
    expect(column, JsonToken.START_OBJECT, "an object");
    OptionalLong nulls = OptionalLong.empty();
    Optional<String> min = Optional.empty();
    Optional<String> max = Optional.empty();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "nulls" -> nulls = OptionalLong.of(number(name, 0));
        case "min" -> min = Optional.of(string(name));
        case "max" -> max = Optional.of(string(name));
        default -> ignoreOrReject(name);
      }
    }
    return new ColumnStats(nulls, min, max);
  }

  private Map<String, String> strings(String name) throws IOException {
    expect(name, JsonToken.START_OBJECT, "an object of strings");
    Map<String, String> result = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      if (result.size() == MAX_OPTIONS) {
        throw unreadable("'" + name + "' has more than " + MAX_OPTIONS + " fields. Remove some");
      }
      result.put(key, string(key));
    }
    return result;
  }

  private String compactObject(String name) throws IOException {
    expect(name, JsonToken.START_OBJECT, "an object");
    StringWriter out = new BoundedText(name);
    try (JsonGenerator generator = JsonManifestReader.JSON.createGenerator(out)) {
      generator.copyCurrentStructure(parser);
    } catch (IllegalArgumentException e) {
      throw unreadable(e.getMessage() + ". Publish it again");
    }
    return out.toString();
  }

  private String string(String name) throws IOException {
    expect(name, JsonToken.VALUE_STRING, "a string");
    return parser.getText();
  }

  private long number(String name, long atLeast) throws IOException {
    expect(name, JsonToken.VALUE_NUMBER_INT, "a whole number");
    long value = parser.getLongValue();
    if (value < atLeast) {
      throw unreadable("'" + name + "' is " + value + ", must be at least " + atLeast + ". Fix it");
    }
    return value;
  }

  private void expect(String name, JsonToken token, String expected) throws IOException {
    if (parser.currentToken() != token) {
      throw unreadable("'" + name + "' must be " + expected + ". Fix it");
    }
  }

  private void ignoreOrReject(String name) throws IOException {
    if (!name.startsWith("x-")) {
      throw unreadable("unknown field '" + name + "'. Upgrade the connector, or remove the field");
    }
    // Not skipChildren: the parser keeps the names of an object, to find one that comes twice.
    int depth = 0;
    do {
      if (parser.currentToken() == JsonToken.FIELD_NAME && ++ignoredNames > MAX_IGNORED_NAMES) {
        throw unreadable(
            "more than " + MAX_IGNORED_NAMES + " names in fields that are ignored. Remove them");
      }
      if (parser.currentToken().isStructStart()) {
        depth++;
      } else if (parser.currentToken().isStructEnd()) {
        depth--;
      }
    } while (depth > 0 && parser.nextToken() != null);
  }

  /** The text of one value, up to a limit. */
  private static final class BoundedText extends StringWriter {
    private final String name;

    BoundedText(String name) {
      this.name = name;
    }

    @Override
    public void write(char[] chars, int offset, int length) {
      if (getBuffer().length() + length > MAX_SCHEMA_CHARS) {
        throw new IllegalArgumentException(
            "'%s' is longer than %s characters".formatted(name, MAX_SCHEMA_CHARS));
      }
      super.write(chars, offset, length);
    }
  }

  private <T> T required(String name, @Nullable T value) throws ManifestException {
    if (value == null) {
      throw unreadable("'" + name + "' is missing. Publish it again");
    }
    return value;
  }

  private ManifestException unreadable(String why) {
    return ManifestException.unreadable(
        sourceName,
        JsonManifestReader.at(parser.currentTokenLocation(), skippedBytes) + ": " + why + ".");
  }
}
