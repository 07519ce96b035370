// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.util.UUID;

/**
 * One run of the handler.
 *
 * @param nonce in every key it writes; ours, since one request may run twice
 * @param request Lambda's id, which the driver learns even of a run that crashes
 * @param logStream of CloudWatch, where its log is
 * @param remaining what was left of the function's time limit when it began
 */
public record Invocation(String nonce, String request, String logStream, Duration remaining) {

  /** The run that Lambda has just begun. */
  public static Invocation begun(Context context) {
    return new Invocation(
        UUID.randomUUID().toString(),
        context.getAwsRequestId(),
        context.getLogStreamName(),
        Duration.ofMillis(context.getRemainingTimeInMillis()));
  }
}
