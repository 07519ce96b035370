// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.letsdata.manifest.json.JsonFields;
import io.letsdata.manifest.json.LineageWriter;
import io.letsdata.manifest.json.PartRefWriter;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.manifest.version.TableState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
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
    try (JsonGenerator json = JsonFields.JSON.createGenerator(out)) {
      json.setPrettyPrinter(new EntryWriter.OneEntryPerLine());
      json.writeStartObject();
      json.writeNumberField(SnapshotReader.VERSION_FIELD, manifest.formatVersion());
      json.writeStringField("id", manifest.id());
      json.writeNumberField("version", manifest.version());
      if (manifest.lineage().isPresent()) {
        LineageWriter.write(manifest.lineage().get(), json);
      }
      json.writeStringField("format", manifest.format());
      if (manifest.schemaJson().isPresent()) {
        json.writeFieldName("schema");
        copy(manifest.schemaJson().get(), json);
      }
      strings("options", manifest.options(), json);
      if (manifest.layout() != Layout.MANIFEST) {
        json.writeStringField("layout", manifest.layout().text());
      }
      write(manifest.table(), json);
      write(manifest.parts(), json);
      json.writeArrayFieldStart("files");
      for (ManifestEntry file : manifest.files()) {
        EntryWriter.write(file, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(TableState table, JsonGenerator json) throws IOException {
    if (!table.partitionBy().isEmpty()) {
      json.writeArrayFieldStart("partitionBy");
      for (String column : table.partitionBy()) {
        json.writeString(column);
      }
      json.writeEndArray();
    }
    if (!table.properties().isEmpty()) {
      strings("properties", table.properties(), json);
    }
  }

  private static void write(List<PartRef> parts, JsonGenerator json) throws IOException {
    if (parts.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("parts");
    for (PartRef part : parts) {
      PartRefWriter.write(part, json);
    }
    json.writeEndArray();
  }

  private static void strings(String name, Map<String, String> texts, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  private static void copy(String jsonText, JsonGenerator json) throws IOException {
    try (JsonParser parser = JsonFields.JSON.createParser(jsonText)) {
      parser.nextToken();
      json.copyCurrentStructure(parser);
    }
  }
}
