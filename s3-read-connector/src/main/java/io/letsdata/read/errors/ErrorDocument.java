// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.errors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A record or an object that could not be read. Immutable.
 *
 * @param file {@code s3://bucket/key}
 * @param etag of the version that was read; empty when unknown
 * @param start first stored byte of it; empty when the decoder does not know
 * @param end the byte after the last one; empty when the decoder does not know
 * @param recordType the record's own type, or {@code object} for the rest of an object, or {@code
 *     record}
 * @param message why
 * @param record its bytes as far as they are kept; empty when there are none
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
public record ErrorDocument(
    String file,
    Optional<String> etag,
    OptionalLong start,
    OptionalLong end,
    String recordType,
    String message,
    byte[] record) {
  /** The type of the rest of an object. */
  public static final String OBJECT = "object";

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * One line of JSON without its end. The bytes of the record are text when they are UTF-8, else
   * base64.
   */
  String toJson(String dataset, String run) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("dataset", dataset);
      json.writeStringField("run", run);
      json.writeStringField("file", file);
      if (etag.isPresent()) {
        json.writeStringField("etag", etag.get());
      }
      if (start.isPresent()) {
        json.writeNumberField("startOffset", start.getAsLong());
      }
      if (end.isPresent()) {
        json.writeNumberField("endOffset", end.getAsLong());
      }
      json.writeStringField("recordType", recordType);
      json.writeStringField("message", message);
      Optional<String> text = text();
      if (text.isPresent()) {
        json.writeStringField("record", text.get());
      } else {
        json.writeStringField("recordBase64", Base64.getEncoder().encodeToString(record));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private Optional<String> text() {
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(record)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
