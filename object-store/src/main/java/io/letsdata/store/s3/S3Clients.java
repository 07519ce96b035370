// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreOptions;
import io.letsdata.store.StoreSettings;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * One connection pool and two clients on it.
 *
 * @param retrying client for requests that may be sent twice: the SDK repeats them
 * @param once client for conditional writes, whose repetition changes the meaning of the response
 *     ({@link CertainWrite} repeats them)
 */
record S3Clients(
    StoreSettings settings,
    RequestMeter meter,
    SdkHttpClient http,
    S3Client retrying,
    S3Client once)
    implements AutoCloseable {

  private static final int MAX_ATTEMPTS = 4;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(25);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(80);

  /** Below the 20 s after which S3 is known to drop idle connections. */
  private static final Duration MAX_IDLE = Duration.ofSeconds(15);

  static S3Clients open(StoreSettings settings, RequestMeter meter) {
    SdkHttpClient http =
        ApacheHttpClient.builder()
            .maxConnections(settings.maxConnections())
            .connectionTimeout(CONNECT_TIMEOUT)
            .socketTimeout(SOCKET_TIMEOUT)
            .connectionAcquisitionTimeout(ACQUIRE_TIMEOUT)
            .connectionMaxIdleTime(MAX_IDLE)
            .tcpKeepAlive(true)
            .build();
    RetryStrategy retries =
        AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(MAX_ATTEMPTS).build();
    try {
      return new S3Clients(
          settings,
          meter,
          http,
          client(settings, meter, http, retries),
          client(settings, meter, http, AwsRetryStrategy.doNotRetry()));
    } catch (SdkClientException e) {
      http.close();
      throw new IllegalArgumentException(
          "Cannot set up S3: " + e.getMessage() + ". Set " + StoreOptions.REGION.key() + ".", e);
    }
  }

  private static S3Client client(
      StoreSettings settings, RequestMeter meter, SdkHttpClient http, RetryStrategy retries) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .credentialsProvider(credentials(settings))
            .forcePathStyle(settings.pathStyleAccess())
            .overrideConfiguration(
                ClientOverrideConfiguration.builder()
                    .retryStrategy(retries)
                    .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                    .apiCallTimeout(CALL_TIMEOUT)
                    .addExecutionInterceptor(new MeteringInterceptor(meter))
                    .addExecutionInterceptor(new OwnerInterceptor(settings.bucketOwners()))
                    .build());
    settings.endpoint().ifPresent(builder::endpointOverride);
    settings
        .region()
        .or(() -> settings.endpoint().map(uri -> "us-east-1"))
        .ifPresent(name -> builder.region(Region.of(name)));
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(StoreSettings settings) {
    return switch (settings.credentials()) {
      case DEFAULT -> DefaultCredentialsProvider.builder().build();
      case LOCAL_STACK -> LocalStackCredentials.of(settings);
    };
  }

  @Override
  public void close() {
    retrying.close();
    once.close();
    http.close();
  }
}
