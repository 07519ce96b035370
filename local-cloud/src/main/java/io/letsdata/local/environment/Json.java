// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.util.Optional;

/** JSON for the service and its APIs. */
@Internal
public final class Json {

  public static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  public static String escape(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }

  /** The error in the document; empty when it is exactly one JSON value. */
  public static Optional<String> problem(byte[] document) {
    try (JsonParser parser = FACTORY.createParser(document)) {
      if (parser.nextToken() == null) {
        return Optional.of("no value");
      }
      parser.skipChildren();
      // Also makes the parser walk to the end of a top-level string.
      return parser.nextToken() == null ? Optional.empty() : Optional.of("more than one value");
    } catch (JsonProcessingException e) {
      return Optional.of(e.getOriginalMessage());
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
