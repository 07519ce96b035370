// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The meaning of an error of the Lambda API for the sender of the request. Pure. */
final class InvokeErrors {

  /** Decides what follows. */
  enum Meaning {
    /** 429: too many invocations at once. Nothing ran; retry. */
    THROTTLED,
    /** 429: too many requests a second. Nothing ran; retry. */
    RATE_EXCEEDED,
    /** The service failed or is not ready. The function may have run; a retry is harmless. */
    UNAVAILABLE,
    /** No connection: nothing was sent. */
    UNREACHABLE,
    /** No retry can help. */
    REFUSED,
    /** The connection broke after the request was sent. */
    RESPONSE_LOST
  }

  /** Errors with status 502 that only the user can fix (API reference, "Invoke"). */
  private static final Set<String> BROKEN_FUNCTION =
      Set.of(
          "EC2AccessDeniedException",
          "InvalidRuntimeException",
          "InvalidSecurityGroupIDException",
          "InvalidSubnetIDException",
          "InvalidZipFileException",
          "KMSAccessDeniedException",
          "KMSDisabledException",
          "KMSInvalidStateException",
          "KMSNotFoundException");

  private static final Set<String> WRONG_SIGNATURE =
      Set.of(
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "RequestTimeTooSkewed",
          "RequestExpired",
          "RequestInTheFuture");

  private InvokeErrors() {}

  static Meaning of(Throwable failure) {
    if (failure instanceof AwsServiceException service) {
      if (service.isClockSkewException()) {
        return Meaning.UNAVAILABLE; // the retry is signed with the time of its Date header
      }
      return of(service.statusCode(), code(service), reason(service));
    }
    if (failure instanceof SdkClientException) {
      if (connectFailure(failure) != null) {
        return Meaning.UNREACHABLE;
      }
      if (String.valueOf(failure.getMessage()).contains("credentials")) {
        return Meaning.REFUSED;
      }
    }
    return Meaning.RESPONSE_LOST;
  }

  static Meaning of(int status, String code, String reason) {
    if (status == 429) {
      return reason.contains("Rate") ? Meaning.RATE_EXCEEDED : Meaning.THROTTLED;
    }
    // 408 and 409: not ready yet, being updated, its snapshot is being made.
    boolean passing = status >= 500 || status == 408 || status == 409;
    return passing && !BROKEN_FUNCTION.contains(code) ? Meaning.UNAVAILABLE : Meaning.REFUSED;
  }

  /**
   * The reason why there was no connection; null when there was one. A connection that was not made
   * in time counts, too: an SDK client whose first connection is refused at once by the loopback
   * forgets the request (HttpOrHttp2ChannelPool 2.44.4 resets its promise before the listener is
   * added), and only the time limit ends it.
   */
  static @Nullable Throwable connectFailure(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      boolean noConnection =
          t instanceof TimeoutException
              && String.valueOf(t.getMessage()).startsWith("Acquire operation");
      if (t instanceof ConnectException || t instanceof UnknownHostException || noConnection) {
        return t;
      }
    }
    return null;
  }

  /** Whether the signature was wrong, because of the clock or the key; not the permission. */
  static boolean isWrongSignature(AwsServiceException e) {
    return WRONG_SIGNATURE.contains(code(e));
  }

  /** The message of AWS, without the additions of the SDK. */
  static String message(AwsServiceException e) {
    return e.awsErrorDetails() != null && e.awsErrorDetails().errorMessage() != null
        ? e.awsErrorDetails().errorMessage()
        : String.valueOf(e.getMessage());
  }

  private static String code(AwsServiceException e) {
    return e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
  }

  private static String reason(AwsServiceException e) {
    return e instanceof software.amazon.awssdk.services.lambda.model.TooManyRequestsException t
        ? String.valueOf(t.reasonAsString())
        : "";
  }
}
