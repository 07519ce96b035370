// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.Replays;
import io.letsdata.manifest.version.StreamEpoch;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.util.Optional;

/** Writes the fields of a lineage into the object that is open. Stateless. */
@Internal
public final class LineageWriter {
  private LineageWriter() {}

  /** Writes all fields in the order of SPEC.md. */
  public static void write(Lineage lineage, JsonGenerator json) throws IOException {
    text("parent", lineage.parent(), json);
    json.writeStringField("operation", lineage.operation().text());
    json.writeObjectFieldStart("application");
    json.writeStringField("id", lineage.application().id());
    json.writeStringField("name", lineage.application().name());
    json.writeEndObject();
    text("commitId", lineage.commitId(), json);
    if (lineage.stream().isPresent()) {
      json.writeFieldName("stream");
      write(lineage.stream().get(), json);
    }
    json.writeStringField("time", lineage.time().toString());
    if (lineage.state() != VersionState.LIVE) {
      json.writeStringField("state", lineage.state().text());
    }
    json.writeObjectFieldStart("change");
    json.writeNumberField("addedFiles", lineage.change().addedFiles());
    json.writeNumberField("removedFiles", lineage.change().removedFiles());
    json.writeEndObject();
    if (!lineage.replays().equals(Replays.NONE)) {
      write(lineage.replays(), json);
    }
  }

  private static void write(Replays replays, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("replays");
    if (!replays.commitIds().isEmpty()) {
      json.writeArrayFieldStart("commitIds");
      for (String id : replays.commitIds()) {
        json.writeString(id);
      }
      json.writeEndArray();
    }
    if (!replays.streams().isEmpty()) {
      json.writeArrayFieldStart("streams");
      for (StreamEpoch stream : replays.streams()) {
        write(stream, json);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void write(StreamEpoch stream, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("query", stream.query());
    json.writeNumberField("epoch", stream.epoch());
    json.writeEndObject();
  }

  private static void text(String name, Optional<String> text, JsonGenerator json)
      throws IOException {
    if (text.isPresent()) {
      json.writeStringField(name, text.get());
    }
  }
}
