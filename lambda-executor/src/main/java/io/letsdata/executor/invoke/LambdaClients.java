// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.options.Internal;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.LocalStackCredentials;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.LambdaAsyncClientBuilder;
import software.amazon.awssdk.utils.ThreadFactoryBuilder;

/** Builds the Lambda client of an application. */
@Internal
public final class LambdaClients {
  /** A pooled connection that was idle for so long is closed: the other side may have closed it. */
  private static final Duration IDLE_CONNECTION = Duration.ofSeconds(15);

  /**
   * NAT gateways drop connections that are idle for 350 s, and a task may take longer; the kernel
   * sends a probe after so many seconds, instead of its default of two hours.
   */
  private static final int KEEP_ALIVE_SECONDS = 60;

  /**
   * There is a connection for every invocation in flight, so this is only the time to make one. See
   * {@link InvokeErrors#connectFailure} for requests that would wait without end.
   */
  private static final Duration ACQUISITION = Duration.ofSeconds(10);

  /**
   * One event loop group for the process, never shut down; its threads are daemons. A client that
   * owns its event loops waits for them when it closes, until 2 s pass without a task or 15 s in
   * all (NettyNioAsyncHttpClient 2.44): every session would end that much later.
   */
  private static final SdkEventLoopGroup EVENT_LOOPS =
      SdkEventLoopGroup.builder()
          .threadFactory(
              new ThreadFactoryBuilder()
                  .threadNamePrefix("letsdata-lambda-io")
                  .daemonThreads(true)
                  .build())
          .build();

  private static final ChannelOption<Integer> KEEP_IDLE =
      NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
  private static final ChannelOption<Integer> KEEP_INTERVAL =
      NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL);

  private LambdaClients() {}

  /**
   * A client that waits longer than any invocation can take and never retries: {@link
   * LambdaInvoker} is the only layer that does.
   */
  public static LambdaAsyncClient create(LambdaSettings settings) {
    Duration longest = Duration.ofMinutes(16);
    SdkAsyncHttpClient http =
        NettyNioAsyncHttpClient.builder()
            .eventLoopGroup(EVENT_LOOPS)
            .maxConcurrency(settings.concurrency() + 4)
            .maxPendingConnectionAcquires(100_000)
            .connectionAcquisitionTimeout(ACQUISITION)
            .connectionTimeout(Duration.ofSeconds(3))
            .connectionMaxIdleTime(IDLE_CONNECTION)
            .readTimeout(longest)
            .writeTimeout(Duration.ofMinutes(1))
            .tcpKeepAlive(true)
            .putChannelOption(KEEP_IDLE, KEEP_ALIVE_SECONDS)
            .putChannelOption(KEEP_INTERVAL, KEEP_ALIVE_SECONDS)
            .build();
    DirectLambdaClient.SdkObserver observer = new DirectLambdaClient.SdkObserver();
    LambdaAsyncClientBuilder builder =
        LambdaAsyncClient.builder()
            .credentialsProvider(credentials(settings.store()))
            .httpClient(http)
            .overrideConfiguration(
                c ->
                    c.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallTimeout(longest)
                        .addExecutionInterceptor(observer));
    settings.endpoint().ifPresent(builder::endpointOverride);
    settings.region().map(Region::of).ifPresent(builder::region);
    return new DirectLambdaClient(builder.build(), http, observer);
  }

  private static AwsCredentialsProvider credentials(StoreSettings store) {
    return switch (store.credentials()) {
      case LOCAL_STACK -> LocalStackCredentials.of(store);
      case DEFAULT -> DefaultCredentialsProvider.builder().build();
    };
  }
}
