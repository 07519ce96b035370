// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/** The little JSON that the service needs. */
final class Json {

  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  static String escape(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }

  /** What is wrong with the document; empty when it is exactly one JSON value. */
  static Optional<String> problem(byte[] document) {
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
