// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.executor.settings.LambdaSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Words for requests that the Lambda API does not answer as hoped. Pure. */
record InvokeMessages(LambdaSettings settings) {

  /** What cannot be done. */
  String prefix() {
    return "Cannot invoke function '" + settings.function() + "' at " + endpoint();
  }

  private String endpoint() {
    return settings.endpoint().map(Object::toString).orElse("AWS Lambda");
  }

  /** Nobody answers. */
  String unreachable(@Nullable Throwable connect) {
    return prefix()
        + ": nobody answered for "
        + settings.unreachableTimeout().toSeconds()
        + " s ("
        + (connect == null ? "no connection" : connect.getMessage())
        + "). Start the stack, or mend "
        + LambdaOptions.ENDPOINT
        + ".";
  }

  /** The API, or the client before it, said no. */
  String refusal(Throwable failure) {
    if (!(failure instanceof AwsServiceException e)) {
      return prefix() + ": " + failure.getMessage();
    }
    String remedy =
        switch (e.statusCode()) {
          case 404 -> " Create the function, or name another in spark.master.";
          case 403 ->
              InvokeErrors.isWrongSignature(e)
                  ? (clock(e).isEmpty() ? " Mend the driver's credentials." : "")
                  : " Allow lambda:InvokeFunction to the driver's identity.";
          case 413 ->
              " Lower " + LambdaOptions.PAYLOAD_LIMIT + ", so that more travels by the store.";
          case 502 -> " Mend the function.";
          default -> "";
        };
    return prefix() + ": " + said(e) + "." + remedy;
  }

  /** What AWS said, and what it says of this machine when it is about the signature. */
  String said(AwsServiceException e) {
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
