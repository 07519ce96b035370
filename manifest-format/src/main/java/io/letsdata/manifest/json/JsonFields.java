// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of fields in a stream of tokens. The parser stands at the value of the field that a
 * method is asked for. Every error names its place. For one document.
 */
@Internal
public final class JsonFields {
  private static final int MAX_SCHEMA_CHARS = 16 * 1024 * 1024;
  private static final int MAX_OPTIONS = 1_000;
  private static final int MAX_IGNORED_NAMES = 100_000;

  /** Parsers and generators of all manifests: a field twice is an error. */
  public static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final JsonParser parser;
  private final int skippedBytes;
  private final Function<String, IOException> error;
  private int ignoredNames;

  /**
   * The fields of one document.
   *
   * @param skippedBytes before the first byte of the parser
   * @param error makes the exception of a reason that begins with its place
   */
  public JsonFields(JsonParser parser, int skippedBytes, Function<String, IOException> error) {
    this.parser = parser;
    this.skippedBytes = skippedBytes;
    this.error = error;
  }

  /** The place for a message; {@code start} bytes were skipped before the parser's first byte. */
  public static String at(@Nullable JsonLocation location, int start) {
    if (location == null) { // of a number, a name or a nesting beyond Jackson's limits
      return "at a place that the parser does not name";
    }
    return "line %s column %s (byte %s)"
        .formatted(location.getLineNr(), location.getColumnNr(), location.getByteOffset() + start);
  }

  /** Reads the value of one field into the object that is read. */
  public interface Field {
    void read(String name) throws IOException;
  }

  /** A value whose constructor may refuse it with a reason. */
  public interface Value<T> {
    T make();
  }

  /** Reads an object field by field. */
  public void object(String name, Field each) throws IOException {
    expect(name, JsonToken.START_OBJECT, "an object");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      each.read(field);
    }
  }

  /** Reads an array element by element; the parser stands at each when {@code each} is called. */
  public void array(String name, Field each) throws IOException {
    expect(name, JsonToken.START_ARRAY, "an array");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      each.read(name);
    }
  }

  /** A string. */
  public String string(String name) throws IOException {
    expect(name, JsonToken.VALUE_STRING, "a string");
    return parser.getText();
  }

  /** A string or null. */
  public @Nullable String stringOrNull(String name) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : string(name);
  }

  /** A whole number. */
  public long number(String name, long atLeast) throws IOException {
    expect(name, JsonToken.VALUE_NUMBER_INT, "a whole number");
    long value = parser.getLongValue();
    if (value < atLeast) {
      throw unreadable("'" + name + "' is " + value + ", must be at least " + atLeast + ". Fix it");
    }
    return value;
  }

  /** True or false. */
  public boolean flag(String name) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_TRUE
        && parser.currentToken() != JsonToken.VALUE_FALSE) {
      throw unreadable("'" + name + "' must be true or false. Fix it");
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  /** An object of strings, at most 1,000. */
  public Map<String, String> strings(String name) throws IOException {
    Map<String, String> result = new HashMap<>();
    object(
        name,
        key -> {
          if (result.size() == MAX_OPTIONS) {
            throw unreadable(
                "'" + name + "' has more than " + MAX_OPTIONS + " fields. Remove some");
          }
          result.put(key, string(key));
        });
    return result;
  }

  /** An array of at most {@code most} strings. */
  public List<String> stringList(String name, int most) throws IOException {
    List<String> result = new ArrayList<>();
    array(
        name,
        element -> {
          if (result.size() == most) {
            throw unreadable("'" + name + "' has more than " + most + " elements. Remove some");
          }
          result.add(string(element));
        });
    return result;
  }

  /** An object as JSON without white space, at most 16 Mi characters. */
  public String compactObject(String name) throws IOException {
    expect(name, JsonToken.START_OBJECT, "an object");
    StringWriter out = new BoundedText(name);
    try (JsonGenerator generator = JSON.createGenerator(out)) {
      generator.copyCurrentStructure(parser);
    } catch (IllegalArgumentException e) {
      throw unreadable(e.getMessage() + ". Publish it again");
    }
    return out.toString();
  }

  /** Refuses a token of another kind. */
  public void expect(String name, JsonToken token, String expected) throws IOException {
    if (parser.currentToken() != token) {
      throw unreadable("'" + name + "' must be " + expected + ". Fix it");
    }
  }

  /** Skips a field whose name begins with {@code x-}, and refuses any other. */
  public void ignoreOrReject(String name) throws IOException {
    if (!name.startsWith("x-")) {
      throw unreadable("unknown field '" + name + "'. Upgrade the connector, or remove the field");
    }
    // Not skipChildren: the parser keeps the names of an object, to find one that comes twice.
    int depth = 0;
    do {
      if (parser.currentToken() == JsonToken.FIELD_NAME && ++ignoredNames > MAX_IGNORED_NAMES) {
        throw unreadable(
            "more than " + MAX_IGNORED_NAMES + " names in fields that are ignored. Remove them");
      }
      if (parser.currentToken().isStructStart()) {
        depth++;
      } else if (parser.currentToken().isStructEnd()) {
        depth--;
      }
    } while (depth > 0 && parser.nextToken() != null);
  }

  /** The value, or the error at this place when it is refused. */
  public <T> T valid(Value<T> value) throws IOException {
    try {
      return value.make();
    } catch (IllegalArgumentException e) {
      throw unreadable(e.getMessage() + ". Publish it again");
    }
  }

  /** Refuses a field that is missing. */
  public <T> T required(String name, @Nullable T value) throws IOException {
    if (value == null) {
      throw unreadable("'" + name + "' is missing. Publish it again");
    }
    return value;
  }

  /** The error of {@code why}, a clause and a remedy without period, at this place. */
  public IOException unreadable(String why) {
    return error.apply(at(parser.currentTokenLocation(), skippedBytes) + ": " + why + ".");
  }

  /** The text of one value, up to a limit. */
  private static final class BoundedText extends StringWriter {
    private final String name;

    BoundedText(String name) {
      this.name = name;
    }

    @Override
    public void write(char[] chars, int offset, int length) {
      if (getBuffer().length() + length > MAX_SCHEMA_CHARS) {
        throw new IllegalArgumentException(
            "'%s' is longer than %s characters".formatted(name, MAX_SCHEMA_CHARS));
      }
      super.write(chars, offset, length);
    }
  }
}
