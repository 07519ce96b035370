// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.manifest.json.JsonFields;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.util.Map;

/** The schema of a manifest as text, before Spark parses it. Pure. */
@Internal
public final class SchemaText {
  private static final ObjectMapper JSON = new ObjectMapper(JsonFields.JSON);

  private SchemaText() {}

  /**
   * Returns {@code json} when no type in it names a class. Spark loads and instantiates the class
   * of a user-defined type while it parses the schema (DataType.fromJson, 3.5.9), and a manifest
   * must not choose what is loaded.
   *
   * @throws IllegalArgumentException with the reason, without a period at its end: a user-defined
   *     type, or a text that is not JSON
   */
  public static String withoutClasses(String json) {
    JsonNode schema;
    try {
      schema = JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("its schema is not JSON (" + e.getMessage() + ")", e);
    }
    requireNoClass(schema);
    return json;
  }

  private static void requireNoClass(JsonNode node) {
    if (node.path("type").asText().equals("udt")) {
      throw new IllegalArgumentException(
          "its schema has a user-defined type, which names the class '%s'"
              .formatted(node.path("class").asText()));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      // The metadata of a column are not types.
      if (!field.getKey().equals("metadata")) {
        requireNoClass(field.getValue());
      }
    }
    if (node.isArray()) {
      node.forEach(SchemaText::requireNoClass);
    }
  }
}
