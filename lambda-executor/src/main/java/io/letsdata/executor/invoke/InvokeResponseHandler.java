// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LambdaResponseMetadata;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/**
 * Collects the response to an Invoke and completes a future with it, or with the exception that the
 * SDK throws for that error (API reference, "Invoke", and the REST-JSON protocol). For one request;
 * the HTTP client calls it from one thread at a time.
 */
final class InvokeResponseHandler implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CompletableFuture<InvokeResponse> result;
  private final DirectLambdaClient.SdkObserver observer;
  private final Clock signedBy;
  private final long sentAt;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(4096);
  private @Nullable SdkHttpResponse head;

  /**
   * @param signedBy the clock of the request; another response may have corrected it since
   * @param sentAt when the request was sent, of {@link System#nanoTime}
   */
  InvokeResponseHandler(
      CompletableFuture<InvokeResponse> result,
      DirectLambdaClient.SdkObserver observer,
      Clock signedBy,
      long sentAt) {
    this.signedBy = signedBy;
    this.sentAt = sentAt;
    this.result = result;
    this.observer = observer;
  }

  @Override
  public void onHeaders(SdkHttpResponse headers) {
    head = headers;
  }

  @Override
  public void onStream(Publisher<ByteBuffer> stream) {
    stream.subscribe(this);
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE); // a response has 6 MB at most
  }

  @Override
  public void onNext(ByteBuffer bytes) {
    if (bytes.hasArray()) {
      body.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    } else {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      body.writeBytes(copy);
    }
  }

  @Override
  public void onError(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    try {
      SdkHttpResponse headers = head;
      if (headers == null) {
        throw new IllegalStateException("a response without headers");
      }
      if (headers.isSuccessful()) {
        result.complete(response(headers));
      } else {
        observer.responded(headers, sentAt);
        result.completeExceptionally(error(headers));
      }
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  private InvokeResponse response(SdkHttpResponse headers) {
    InvokeResponse.Builder response = InvokeResponse.builder();
    response.responseMetadata(
        LambdaResponseMetadata.create(
            DefaultAwsResponseMetadata.create(Map.of("AWS_REQUEST_ID", requestId(headers)))));
    return response
        .statusCode(headers.statusCode())
        .functionError(headers.firstMatchingHeader("X-Amz-Function-Error").orElse(null))
        .logResult(headers.firstMatchingHeader("X-Amz-Log-Result").orElse(null))
        .executedVersion(headers.firstMatchingHeader("X-Amz-Executed-Version").orElse(null))
        .payload(SdkBytes.fromByteArrayUnsafe(body.toByteArray()))
        .build();
  }

  private AwsServiceException error(SdkHttpResponse headers) {
    JsonNode json = json();
    String type =
        headers
            .firstMatchingHeader("x-amzn-ErrorType")
            .orElse(json.path("__type").asText(json.path("code").asText()));
    String code = type.substring(type.indexOf('#') + 1).split(":", 2)[0];
    String message = json.path("message").asText(json.path("Message").asText());
    AwsErrorDetails details =
        AwsErrorDetails.builder()
            .serviceName("Lambda")
            .errorCode(code)
            .errorMessage(message.isEmpty() ? "status " + headers.statusCode() : message)
            .sdkHttpResponse(headers)
            .build();
    AwsServiceException.Builder error =
        headers.statusCode() == 429
            ? TooManyRequestsException.builder().reason(json.path("Reason").asText(null))
            : LambdaException.builder();
    return error
        .statusCode(headers.statusCode())
        .requestId(requestId(headers))
        .awsErrorDetails(details)
        .clockSkew(Duration.between(signedBy.instant(), Instant.now()))
        .build();
  }

  /** The body; empty when it is not JSON: load balancers respond with HTML. */
  private JsonNode json() {
    try {
      JsonNode tree = JSON.readTree(body.toByteArray());
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static String requestId(SdkHttpResponse headers) {
    return headers.firstMatchingHeader("x-amzn-RequestId").orElse("unknown");
  }
}
