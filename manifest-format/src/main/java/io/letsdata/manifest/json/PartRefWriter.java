// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.letsdata.manifest.version.ColumnRange;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.options.Internal;
import java.io.IOException;

/** Writes the reference to a part. Stateless. */
@Internal
public final class PartRefWriter {
  private PartRefWriter() {}

  /** Writes an object with the fields in the order of SPEC.md. */
  public static void write(PartRef part, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", part.name());
    json.writeNumberField("lengthBytes", part.lengthBytes());
    json.writeStringField("sha256", part.sha256());
    json.writeNumberField("files", part.files());
    if (part.rows().isPresent()) {
      json.writeNumberField("rows", part.rows().getAsLong());
    }
    if (part.dataBytes().isPresent()) {
      json.writeNumberField("dataBytes", part.dataBytes().getAsLong());
    }
    if (!part.partitions().columns().isEmpty()) {
      json.writeObjectFieldStart("partitions");
      for (ColumnRange range : part.partitions().columns()) {
        json.writeObjectFieldStart(range.column());
        if (range.min().isPresent()) {
          json.writeStringField("min", range.min().get());
          json.writeStringField("max", range.max().orElseThrow());
        }
        if (range.nulls()) {
          json.writeBooleanField("nulls", true);
        }
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
