// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.letsdata.manifest.version.Partition;
import java.io.IOException;
import java.util.Map;

/** Writes entries in their only byte form. Stateless. */
final class EntryWriter {
  private EntryWriter() {}

  static void write(ManifestEntry file, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("location", file.location());
    if (file.lengthBytes().isPresent()) {
      json.writeNumberField("lengthBytes", file.lengthBytes().getAsLong());
    }
    if (file.etag().isPresent()) {
      json.writeStringField("etag", file.etag().get());
    }
    if (file.rows().isPresent()) {
      json.writeNumberField("rows", file.rows().getAsLong());
    }
    if (!file.partition().values().isEmpty()) {
      json.writeObjectFieldStart("partition");
      for (Partition.Value value : file.partition().values()) {
        json.writeStringField(value.column(), value.text());
      }
      json.writeEndObject();
    }
    if (!file.stats().isEmpty()) {
      json.writeObjectFieldStart("stats");
      for (Map.Entry<String, ColumnStats> column : file.stats().entrySet()) {
        json.writeObjectFieldStart(column.getKey());
        write(column.getValue(), json);
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void write(ColumnStats stats, JsonGenerator json) throws IOException {
    if (stats.nulls().isPresent()) {
      json.writeNumberField("nulls", stats.nulls().getAsLong());
    }
    if (stats.min().isPresent()) {
      json.writeStringField("min", stats.min().get());
    }
    if (stats.max().isPresent()) {
      json.writeStringField("max", stats.max().get());
    }
  }

  /** One line for each top-level field and each element of a top-level array, and no other. */
  static final class OneEntryPerLine extends MinimalPrettyPrinter {
    private static final long serialVersionUID = 1L;

    @Override
    public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
      json.writeRaw(json.getOutputContext().getParent().inRoot() ? ",\n" : ",");
    }

    @Override
    public void beforeArrayValues(JsonGenerator json) throws IOException {
      if (isTopLevel(json)) {
        json.writeRaw('\n');
      }
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
      json.writeRaw(isTopLevel(json) ? ",\n" : ",");
    }

    // The top-level arrays lie in the top-level object, every array of the schema lies deeper.
    private static boolean isTopLevel(JsonGenerator json) {
      return json.getOutputContext().getParent().getParent().inRoot();
    }
  }
}
