// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The response of a function, or the error that takes its place.
 *
 * @param body a JSON document
 * @param errorType present when the function failed; the response's header is {@code Unhandled}
 *     then
 */
// Never compared: it only travels.
@SuppressWarnings("ArrayRecordComponent")
@Internal
public record FunctionResponse(byte[] body, Optional<String> errorType) {

  static FunctionResponse success(byte[] body) {
    return new FunctionResponse(body, Optional.empty());
  }

  /** An error that Lambda itself reports. */
  static FunctionResponse failure(String errorType, String message) {
    String json =
        "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}".formatted(errorType, Json.escape(message));
    return new FunctionResponse(json.getBytes(StandardCharsets.UTF_8), Optional.of(errorType));
  }

  /** An error that the function's runtime reported. */
  static FunctionResponse reported(byte[] body, Optional<String> errorType) {
    return new FunctionResponse(body, Optional.of(errorType.orElse("Unhandled")));
  }
}
