// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import com.amazonaws.services.lambda.runtime.Context;
import io.letsdata.options.Internal;
import java.time.Duration;
import java.util.UUID;

/**
 * One invocation of the handler.
 *
 * @param nonce our own id of it, in every key that it writes: Lambda may run one request twice
 * @param request Lambda's request id, which the driver gets even of an invocation that crashes
 * @param logStream name of the CloudWatch stream with its log
 * @param remaining time that was left of the function's time limit when it began
 */
@Internal
public record Invocation(String nonce, String request, String logStream, Duration remaining) {

  /** The invocation that Lambda has just begun. */
  public static Invocation begun(Context context) {
    return new Invocation(
        UUID.randomUUID().toString(),
        context.getAwsRequestId(),
        context.getLogStreamName(),
        Duration.ofMillis(context.getRemainingTimeInMillis()));
  }
}
