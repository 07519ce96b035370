// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.local.toy.ToyFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.s3.S3Client;

/** A stand-in that serves the toy function as {@code toy}, with unmodified SDK clients. */
final class TestCloud implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  private final LocalCloud cloud;
  private final LambdaClient lambda;

  private TestCloud(LocalCloud cloud) {
    this.cloud = cloud;
    this.lambda = lambdaClient(cloud, cloud.accessKey(), cloud.secretKey());
  }

  static TestCloud start(Path folder, int concurrency) throws IOException {
    return start(folder, concurrency, spec -> spec, options -> options);
  }

  static TestCloud start(
      Path folder,
      int concurrency,
      UnaryOperator<FunctionSpec> function,
      UnaryOperator<LocalCloudOptions.Builder> options)
      throws IOException {
    ToyFunction toy = ToyFunction.write(folder, "toy");
    FunctionSpec spec = FunctionSpec.of(toy.definition("toy"), toy.zip(), concurrency);
    return new TestCloud(
        LocalCloud.start(
            options
                .apply(LocalCloudOptions.builder(dist()).function(function.apply(spec)))
                .build()));
  }

  static Path dist() {
    return Path.of(System.getProperty("letsdata.local.dist", "target/dist"));
  }

  static LambdaClient lambdaClient(LocalCloud cloud, String accessKey, String secret) {
    return LambdaClient.builder()
        .endpointOverride(cloud.lambdaEndpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(credentials(accessKey, secret))
        .httpClient(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(5)).build())
        .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
  }

  static S3Client s3Client(LocalCloud cloud, String secret) {
    return S3Client.builder()
        .endpointOverride(cloud.s3Endpoint())
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(credentials(cloud.accessKey(), secret))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private static StaticCredentialsProvider credentials(String accessKey, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secret));
  }

  LocalCloud cloud() {
    return cloud;
  }

  LambdaClient lambda() {
    return lambda;
  }

  /** One invocation, with the log's tail. */
  InvokeResponse invoke(String verb, String argument) throws IOException {
    String payload = JSON.writeValueAsString(Map.of("do", verb, "arg", argument));
    return lambda.invoke(
        request ->
            request.functionName("toy").logType("Tail").payload(SdkBytes.fromUtf8String(payload)));
  }

  /** Awaits what may take as long as the machine is busy. */
  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofMinutes(5));
  }

  /** Ends all environments, also one that is only about to become idle. */
  void endEnvironments() {
    await()
        .until(
            () -> {
              cloud.admin().expireIdle();
              return cloud.admin().environments().isEmpty();
            });
  }

  /**
   * So many invocations at once, each of which holds its environment until {@code released} exists;
   * the futures fail for those that were refused.
   */
  List<Future<InvokeResponse>> invokeAndHold(int count, Path released) {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    List<Future<InvokeResponse>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      running.add(threads.submit(() -> invoke("await", released.toString())));
    }
    threads.shutdown();
    return running;
  }

  /** The exceptions of the futures that have failed so far. */
  static List<Throwable> failures(List<Future<InvokeResponse>> running) {
    List<Throwable> failures = new ArrayList<>();
    for (Future<InvokeResponse> one : running) {
      if (one.isDone()) {
        try {
          InvokeResponse unused = one.get();
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return failures;
  }

  /** The answer's members. */
  static Map<String, String> members(InvokeResponse response) throws IOException {
    return JSON.readValue(
        response.payload().asByteArray(),
        JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class));
  }

  @Override
  public void close() {
    lambda.close();
    cloud.close();
  }
}
