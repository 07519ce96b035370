// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.letsdata.manifest.json.JsonFields;
import io.letsdata.manifest.json.LineageReader;
import io.letsdata.manifest.json.PartRefReader;
import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.manifest.version.TableState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot as a stream of tokens, so that each error names its place (SPEC.md, "Snapshot").
 * For one use.
 */
final class SnapshotReader {
  static final String VERSION_FIELD = "letsdataManifest";

  /** Most partition columns. */
  private static final int MAX_PARTITION_COLUMNS = 1_000;

  private final JsonParser parser;
  private final JsonFields fields;
  private final EntryReader entries;
  private final LineageReader lineage;

  private @Nullable String id;
  private @Nullable Long version;
  private @Nullable String format;
  private Optional<String> schemaJson = Optional.empty();
  private Map<String, String> options = Map.of();
  private Layout layout = Layout.MANIFEST;
  private List<String> partitionBy = List.of();
  private Map<String, String> properties = Map.of();
  private List<PartRef> parts = List.of();
  private @Nullable List<ManifestEntry> files;

  /** The parser stands at the name of the version field. */
  SnapshotReader(JsonParser parser, String sourceName, int skippedBytes, int maxEntries) {
    this.parser = parser;
    this.fields =
        new JsonFields(parser, skippedBytes, why -> ManifestException.unreadable(sourceName, why));
    this.entries = new EntryReader(fields, maxEntries);
    this.lineage = new LineageReader(fields);
  }

  Snapshot read() throws IOException {
    parser.nextToken();
    boolean hasLineage = formatVersion() > 1;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (!(field(name) || (hasLineage && fieldOfOutput(name)))) {
        fields.ignoreOrReject(name);
      }
    }
    if (parser.nextToken() != null) {
      throw fields.unreadable("more data after the end of the manifest. Remove it");
    }
    String theId = fields.required("id", id);
    long theVersion = fields.required("version", version);
    String theFormat = fields.required("format", format);
    List<ManifestEntry> theFiles = fields.required("files", files);
    Optional<Lineage> made = hasLineage ? Optional.of(lineage.result()) : Optional.empty();
    return fields.valid(
        () ->
            new Snapshot(
                theId,
                theVersion,
                theFormat,
                schemaJson,
                options,
                layout,
                made,
                new TableState(partitionBy, properties),
                parts,
                theFiles));
  }

  private int formatVersion() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
        || parser.getLongValue() < 1
        || parser.getLongValue() > Snapshot.FORMAT_VERSION) {
      throw fields.unreadable(
          "format version %s, but this reader knows only 1 and %s. Upgrade the connector"
              .formatted(parser.getText(), Snapshot.FORMAT_VERSION));
    }
    return parser.getIntValue();
  }

  private boolean field(String name) throws IOException {
    switch (name) {
      case "id" -> id = fields.string(name);
      case "version" -> version = fields.number(name, 1);
      case "format" -> format = fields.string(name);
      case "schema" -> schemaJson = Optional.of(fields.compactObject(name));
      case "options" -> options = fields.strings(name);
      case "layout" -> layout = layout(fields.string(name));
      case "files" -> files = entries.files();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean fieldOfOutput(String name) throws IOException {
    switch (name) {
      case "partitionBy" -> partitionBy = fields.stringList(name, MAX_PARTITION_COLUMNS);
      case "properties" -> properties = fields.strings(name);
      case "parts" -> parts = new PartRefReader(fields).parts();
      default -> {
        return lineage.field(name);
      }
    }
    return true;
  }

  private Layout layout(String text) throws IOException {
    try {
      return Layout.parse(text);
    } catch (IllegalArgumentException e) {
      throw fields.unreadable(e.getMessage() + ". Upgrade the connector, or publish it again");
    }
  }
}
