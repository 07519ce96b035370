// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a function, or its runtime's failure, gives back.
 *
 * @param body a JSON document
 * @param errorType present when the function failed; {@code Unhandled} is what the header says then
 */
// Never compared: it only travels.
@SuppressWarnings("ArrayRecordComponent")
record Answer(byte[] body, Optional<String> errorType) {

  static Answer success(byte[] body) {
    return new Answer(body, Optional.empty());
  }

  /** An error that Lambda itself words. */
  static Answer failure(String errorType, String message) {
    String json =
        "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}".formatted(errorType, Json.escape(message));
    return new Answer(json.getBytes(StandardCharsets.UTF_8), Optional.of(errorType));
  }

  /** An error that the function's runtime reported. */
  static Answer reported(byte[] body, Optional<String> errorType) {
    return new Answer(body, Optional.of(errorType.orElse("Unhandled")));
  }
}
