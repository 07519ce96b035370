// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The function and the operation that a request path names: {@code
 * /2015-03-31/functions/<name>[/<operation>]}, where the name is a name, a partial ARN or an ARN,
 * each with or without a qualifier (API reference, "Invoke", "FunctionName"). Every version and
 * alias is the one code that the stand-in has.
 *
 * @param operation empty for the function itself
 */
record FunctionPath(String name, String operation) {

  private static final String BASE = "/2015-03-31/functions/";

  static Optional<FunctionPath> parse(String rawPath) {
    if (!rawPath.startsWith(BASE)) {
      return Optional.empty();
    }
    String[] parts = rawPath.substring(BASE.length()).split("/", -1);
    String name = functionName(URLDecoder.decode(parts[0], StandardCharsets.UTF_8));
    if (name.isEmpty() || parts.length > 2) {
      return Optional.empty();
    }
    return Optional.of(new FunctionPath(name, parts.length == 2 ? parts[1] : ""));
  }

  private static String functionName(String reference) {
    String[] parts = reference.split(":", -1);
    for (int i = 0; i + 1 < parts.length; i++) {
      if (parts[i].equals("function")) {
        return parts[i + 1];
      }
    }
    return parts[0];
  }
}
