// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Writes a snapshot in its only byte form: fixed field order, sorted maps, one entry per line. */
final class SnapshotWriter {
  private SnapshotWriter() {}

  static byte[] toBytes(Snapshot manifest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      write(manifest, out);
    } catch (IOException e) {
      throw new IllegalArgumentException("schemaJson is not JSON: " + e.getMessage(), e);
    }
    return out.toByteArray();
  }

  private static void write(Snapshot manifest, OutputStream out) throws IOException {
    try (JsonGenerator json = JsonManifestReader.JSON.createGenerator(out)) {
      json.setPrettyPrinter(new OneEntryPerLine());
      json.writeStartObject();
      json.writeNumberField(SnapshotReader.VERSION_FIELD, manifest.formatVersion());
      json.writeStringField("id", manifest.id());
      json.writeNumberField("version", manifest.version());
      json.writeStringField("format", manifest.format());
      if (manifest.schemaJson().isPresent()) {
        json.writeFieldName("schema");
        copy(manifest.schemaJson().get(), json);
      }
      json.writeObjectFieldStart("options");
      for (Map.Entry<String, String> option : manifest.options().entrySet()) {
        json.writeStringField(option.getKey(), option.getValue());
      }
      json.writeEndObject();
      if (manifest.layout() != Layout.MANIFEST) {
        json.writeStringField("layout", manifest.layout().text());
      }
      json.writeArrayFieldStart("files");
      for (ManifestEntry file : manifest.files()) {
        write(file, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(ManifestEntry file, JsonGenerator json) throws IOException {
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

  private static void copy(String jsonText, JsonGenerator json) throws IOException {
    try (JsonParser parser = JsonManifestReader.JSON.createParser(jsonText)) {
      parser.nextToken();
      json.copyCurrentStructure(parser);
    }
  }

  /** One line for each top-level field and each entry, and no other line breaks. */
  private static final class OneEntryPerLine extends MinimalPrettyPrinter {
    private static final long serialVersionUID = 1L;

    @Override
    public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
      json.writeRaw(json.getOutputContext().getParent().inRoot() ? ",\n" : ",");
    }

    @Override
    public void beforeArrayValues(JsonGenerator json) throws IOException {
      if (isFiles(json)) {
        json.writeRaw('\n');
      }
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
      json.writeRaw(isFiles(json) ? ",\n" : ",");
    }

    // The array "files" lies in the top-level object, every array of the schema lies deeper.
    private static boolean isFiles(JsonGenerator json) {
      return json.getOutputContext().getParent().getParent().inRoot();
    }
  }
}
