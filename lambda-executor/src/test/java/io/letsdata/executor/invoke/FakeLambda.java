// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaResponseMetadata;

/**
 * Responds to invocations as planned, in their order; without a plan, with {@link #whenUnplanned}.
 */
public final class FakeLambda implements LambdaAsyncClient {
  public final Deque<Supplier<CompletableFuture<InvokeResponse>>> plan = new ArrayDeque<>();
  public Supplier<CompletableFuture<InvokeResponse>> whenUnplanned = FakeLambda::ran;
  public int sent;

  /** The response of a function that has run. */
  public static CompletableFuture<InvokeResponse> ran() {
    return CompletableFuture.completedFuture(response("done".getBytes(StandardCharsets.UTF_8)));
  }

  /** The same with this body. */
  public static InvokeResponse response(byte[] body) {
    InvokeResponse.Builder response = InvokeResponse.builder();
    response.payload(SdkBytes.fromByteArray(body));
    response.responseMetadata(
        LambdaResponseMetadata.create(DefaultAwsResponseMetadata.create(Map.of())));
    return response.build();
  }

  @Override
  public CompletableFuture<InvokeResponse> invoke(InvokeRequest request) {
    sent++;
    return (plan.isEmpty() ? whenUnplanned : plan.removeFirst()).get();
  }

  @Override
  public String serviceName() {
    return "lambda";
  }

  @Override
  public void close() {}
}
