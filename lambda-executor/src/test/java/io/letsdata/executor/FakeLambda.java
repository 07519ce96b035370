package io.letsdata.executor;

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

/** Answers invocations as planned, in their order; without a plan, as told. */
final class FakeLambda implements LambdaAsyncClient {
  final Deque<Supplier<CompletableFuture<InvokeResponse>>> plan = new ArrayDeque<>();
  Supplier<CompletableFuture<InvokeResponse>> whenUnplanned = FakeLambda::ran;
  int sent;

  static CompletableFuture<InvokeResponse> ran() {
    InvokeResponse.Builder answer = InvokeResponse.builder();
    answer.payload(SdkBytes.fromUtf8String("done"));
    answer.responseMetadata(
        LambdaResponseMetadata.create(DefaultAwsResponseMetadata.create(Map.of())));
    return CompletableFuture.completedFuture(answer.build());
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
