// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import io.letsdata.executor.settings.LambdaSettings;
import java.util.Map;
import java.util.Optional;

/** Links to a function's logs for a browser. Pure. */
final class LogLinks {
  private LogLinks() {}

  /**
   * The CloudWatch log group of the function; empty when the region is unknown or the function is
   * not on AWS. An environment writes one stream of it, which only its invocations know.
   */
  static Map<String, String> of(LambdaSettings settings) {
    String[] arn = settings.function().split(":", -1); // arn:aws:lambda:<region>:<account>:function
    boolean whole = arn.length >= 7 && arn[0].equals("arn");
    Optional<String> region = whole ? Optional.of(arn[3]) : settings.region();
    if (settings.endpoint().isPresent() || region.isEmpty()) {
      return Map.of();
    }
    String name = whole ? arn[6] : settings.function().replaceFirst(":.*", "");
    // The console's fragment encodes '/' as $252F.
    return Map.of(
        "logs",
        "https://"
            + region.get()
            + ".console.aws.amazon.com/cloudwatch/home?region="
            + region.get()
            + "#logsV2:log-groups/log-group/$252Faws$252Flambda$252F"
            + name);
  }
}
