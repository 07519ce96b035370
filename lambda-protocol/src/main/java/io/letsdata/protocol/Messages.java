// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.options.Internal;
import java.io.IOException;

/** Makes and reads the JSON of messages. Thread-safe; no request. */
@Internal
public final class Messages {
  /**
   * Protocol, Spark line and a hash of the wire formats; driver and worker must have the same one.
   * WireTest computes the hash and fails when it is another.
   */
  public static final String BUILD = "letsdata-3/spark-3.5.9/wire-b957989c";

  /** Unknown fields are ignored, so that a payload of a later build can be read and refused. */
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  /** First words of a worker's error when it cannot understand its driver; no retry can help. */
  public static final String DIFFER = "driver and worker differ";

  /** Exit status of a worker that leaves its environment because of another application. */
  public static final int EXIT_OTHER_APPLICATION = 75;

  /** The last line of its log; both together, because code of a task may exit with any status. */
  public static final String OTHER_APPLICATION = "this process has served another application";

  /**
   * Exit status of a worker that ends itself at the limit of its payload; the last line of its log
   * has the function's own limit, see {@link LogTail#RAISED_LIMIT}.
   */
  public static final int EXIT_LIMIT_RAISED = 76;

  private Messages() {}

  /** The message as UTF-8 JSON. */
  public static byte[] encode(Message message) {
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
  public static <T extends Message> T decode(byte[] json, Class<T> type) throws IOException {
    return JSON.readValue(json, type);
  }

  /**
   * Whether the JSON is a {@link StoredPayload} and not the payload itself. Reads the first field
   * only, so that no payload is parsed twice.
   */
  public static boolean isStoredPayload(byte[] json) throws IOException {
    return firstField(json).equals("payloadLocation");
  }

  /** Whether the JSON is a {@link MergePayload}. Reads the first field only. */
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
