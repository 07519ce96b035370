// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.AccessDenied;
import io.letsdata.store.BucketNotFound;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.PartsRefused;
import io.letsdata.store.StoreException;
import io.letsdata.store.StoreOptions;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** Translates the exceptions of the SDK to ours. No other class does so. */
final class S3Failures {

  /** Codes of CompleteMultipartUpload (S3 API) that a repetition does not change. */
  private static final Set<String> PARTS_REFUSED =
      Set.of("EntityTooSmall", "InvalidPart", "InvalidPartOrder");

  private final StoreSettings settings;

  S3Failures(StoreSettings settings) {
    this.settings = settings;
  }

  /**
   * The exception for a failed request.
   *
   * @param action the text after "Cannot", such as {@code read s3://b/k [0, 10)}
   */
  IOException translate(String action, String bucket, SdkException failure) {
    if (interrupted(failure)) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException("Cannot " + action + ": the thread was interrupted");
      stopped.initCause(failure);
      return stopped;
    }
    if (failure instanceof AwsServiceException response) {
      return refusal(action, bucket, response);
    }
    if (rootText(failure).contains("Unable to load credentials of the local stack")) {
      return new AccessDenied("Cannot %s: %s".formatted(action, rootText(failure)), failure);
    }
    if (text(failure).contains("Unable to load credentials")) {
      return new AccessDenied(
          "Cannot %s: no AWS identity was found. Set one up for the SDK, or set %s=local-stack for the local stack."
              .formatted(action, StoreOptions.CREDENTIALS.key()),
          failure);
    }
    return new StoreUnavailable(
        "Cannot %s: no response from %s (%s). Check that it is running and that %s is correct."
            .formatted(action, endpoint(), rootText(failure), StoreOptions.ENDPOINT.key()),
        failure);
  }

  private IOException refusal(String action, String bucket, AwsServiceException response) {
    String code = code(response);
    int status = response.statusCode();
    String statusText = "%s %s".formatted(status, code).trim();
    if (code.equals("NoSuchBucket")) {
      return bucketNotFound(action, bucket, response);
    }
    if (code.equals("NoSuchUpload")) {
      return new StoreException(
          "Cannot %s: the store does not know this upload; it was completed or aborted before."
              .formatted(action),
          response);
    }
    if (PARTS_REFUSED.contains(code)) {
      return new PartsRefused(
          "Cannot %s: %s answered %s (%s). Upload it again."
              .formatted(action, endpoint(), statusText, text(response)),
          response);
    }
    Optional<String> region = regionOf(response);
    if (region.isPresent() && !region.equals(settings.region())) {
      return new StoreException(
          "Cannot %s: bucket '%s' is in region %s, not at %s (%s). Set %s to %s."
              .formatted(
                  action,
                  bucket,
                  region.get(),
                  endpoint(),
                  statusText,
                  StoreOptions.REGION.key(),
                  region.get()),
          response);
    }
    if (code.equals("InvalidObjectState")) {
      return new StoreException(
          "Cannot %s: the object is archived (%s). Restore it, or leave it out."
              .formatted(action, statusText),
          response);
    }
    return switch (status) {
      case 404 ->
          new ObjectNotFound(
              "Cannot %s: there is no such object. Check the key.".formatted(action), response);
      case 401, 403 ->
          new AccessDenied(
              "Cannot %s: %s refused it (%s). Check the identity and its permissions on bucket '%s'%s; without permission to list, S3 answers so for missing objects too."
                  .formatted(action, endpoint(), statusText, bucket, expectedOwner(bucket)),
              response);
      case 301, 307 ->
          new StoreException(
              "Cannot %s: bucket '%s' is not at %s (%s). Set %s to the bucket's region."
                  .formatted(action, bucket, endpoint(), statusText, StoreOptions.REGION.key()),
              response);
      case 429, 500, 502, 503, 504 ->
          new StoreUnavailable(
              "Cannot %s: %s kept answering %s. Try again later or with fewer requests at once."
                  .formatted(action, endpoint(), statusText),
              response);
      default ->
          new StoreException(
              "Cannot %s: %s answered %s (%s)."
                  .formatted(action, endpoint(), statusText, text(response)),
              response);
    };
  }

  /**
   * The region that S3 names when it sends a request elsewhere. The response to a HEAD has no body,
   * so its header is all there is.
   */
  private static Optional<String> regionOf(AwsServiceException response) {
    boolean elsewhere =
        response.statusCode() == 301
            || response.statusCode() == 307
            || response.statusCode() == 400;
    if (!elsewhere
        || response.awsErrorDetails() == null
        || response.awsErrorDetails().sdkHttpResponse() == null) {
      return Optional.empty();
    }
    return response
        .awsErrorDetails()
        .sdkHttpResponse()
        .firstMatchingHeader("x-amz-bucket-region")
        .filter(region -> !region.isBlank());
  }

  BucketNotFound bucketNotFound(String action, String bucket, @Nullable Throwable cause) {
    return new BucketNotFound(
        "Cannot %s: bucket '%s' does not exist at %s. Check the bucket's name, %s and %s."
            .formatted(
                action, bucket, endpoint(), StoreOptions.ENDPOINT.key(), StoreOptions.REGION.key()),
        cause);
  }

  private String expectedOwner(String bucket) {
    return settings
        .bucketOwners()
        .of(bucket)
        .map(
            owner ->
                ", and that account %s owns it (%s)"
                    .formatted(owner, StoreOptions.BUCKET_OWNERS.key()))
        .orElse("");
  }

  private String endpoint() {
    return settings.endpointText();
  }

  /** The caller's thread was interrupted; the request may have been sent. */
  static boolean interrupted(SdkException failure) {
    return failure instanceof AbortedException
        || Thread.currentThread().isInterrupted()
        || caused(failure, InterruptedException.class);
  }

  /** The request never left this machine. */
  static boolean neverSent(SdkException failure) {
    return caused(failure, ConnectException.class)
        || caused(failure, UnknownHostException.class)
        || caused(failure, NoRouteToHostException.class)
        || caused(failure, org.apache.http.conn.ConnectTimeoutException.class)
        || text(failure).contains("Unable to load credentials");
  }

  static String code(AwsServiceException response) {
    if (response.awsErrorDetails() == null || response.awsErrorDetails().errorCode() == null) {
      return "";
    }
    return response.awsErrorDetails().errorCode();
  }

  private static boolean caused(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static String rootText(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return text(root);
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
