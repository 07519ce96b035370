// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.executor.settings.LambdaSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Messages about requests that failed at the Lambda API. Pure. */
record InvokeMessages(LambdaSettings settings) {

  /** The beginning of each message. */
  String prefix() {
    return "Cannot invoke function '" + settings.function() + "' at " + endpoint();
  }

  private String endpoint() {
    return settings.endpoint().map(Object::toString).orElse("AWS Lambda");
  }

  /** There was no response. */
  String unreachable(@Nullable Throwable connect) {
    return prefix()
        + ": no response for "
        + settings.unreachableTimeout().toSeconds()
        + " s ("
        + (connect == null ? "no connection" : connect.getMessage())
        + "). Start the stack, or fix "
        + LambdaOptions.ENDPOINT
        + ".";
  }

  /** The API, or the client before it, refused the request. */
  String refusal(Throwable failure) {
    if (!(failure instanceof AwsServiceException e)) {
      return prefix() + ": " + failure.getMessage();
    }
    String remedy =
        switch (e.statusCode()) {
          case 404 -> " Create the function, or name another in spark.master.";
          case 403 ->
              InvokeErrors.isWrongSignature(e)
                  ? (clock(e).isEmpty() ? " Fix the driver's credentials." : "")
                  : " Allow lambda:InvokeFunction to the driver's identity.";
          case 413 ->
              " Lower "
                  + LambdaOptions.PAYLOAD_LIMIT
                  + ", so that more payloads are stored as objects.";
          case 502 -> " Fix the function.";
          default -> "";
        };
    return prefix() + ": " + message(e) + "." + remedy;
  }

  /** The message of AWS, with the clock skew of this machine when the signature was refused. */
  String message(AwsServiceException e) {
    return InvokeErrors.message(e) + (InvokeErrors.isWrongSignature(e) ? clock(e) : "");
  }

  /** Empty when the clock is right. */
  private static String clock(AwsServiceException e) {
    return Optional.ofNullable(e.awsErrorDetails().sdkHttpResponse())
        .flatMap(ClockSkew::ahead)
        .filter(ClockSkew::isWrong)
        .map(
            ahead ->
                "; the clock of this machine is off by " + ahead.abs().toSeconds() + " s: set it")
        .orElse("");
  }
}
