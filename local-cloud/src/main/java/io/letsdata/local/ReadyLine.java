// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The one line that a stand-in prints when it serves, or cannot: JSON.
 *
 * @param error null when it serves
 */
record ReadyLine(String s3Endpoint, String lambdaEndpoint, long pid, @Nullable String error) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static ReadyLine failed(String error) {
    return new ReadyLine("", "", ProcessHandle.current().pid(), error);
  }

  String toJson() throws IOException {
    return JSON.writeValueAsString(this);
  }

  static ReadyLine parse(String line) throws IOException {
    return JSON.readValue(line, ReadyLine.class);
  }
}
