// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** JSON of the messages. Thread-safe; no request. */
public final class Messages {
  /**
   * Protocol, Spark line and a hash of what travels; driver and worker must agree to the letter.
   * WireTest computes the hash anew and fails when it is another.
   */
  public static final String BUILD = "letsdata-2/spark-3.5.9/wire-e94ab3fe";

  /** Fields of a later version are passed over, so that its build can be read and named. */
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  /** How a worker begins when it cannot understand its driver; no other try can help. */
  public static final String DIFFER = "driver and worker differ";

  private Messages() {}

  /** The message as UTF-8 JSON. */
  public static byte[] encode(Record message) {
    try {
      return JSON.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot encode " + message.getClass().getSimpleName(), e);
    }
  }

  /**
   * Reads a message.
   *
   * @throws IOException when the bytes are not such a message
   */
  public static <T extends Record> T decode(byte[] json, Class<T> type) throws IOException {
    return JSON.readValue(json, type);
  }

  /**
   * Whether the JSON is a {@link StoredPayload} and not the payload itself: that begins with its
   * only location, so nothing is read twice.
   */
  public static boolean isStoredPayload(byte[] json) throws IOException {
    return firstField(json).equals("payloadLocation");
  }

  /** Whether the JSON is a {@link MergePayload}: that begins with its job. */
  public static boolean isMerge(byte[] json) throws IOException {
    return firstField(json).equals("mergeJob");
  }

  private static String firstField(byte[] json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      return String.valueOf(parser.nextFieldName());
    }
  }
}
