// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Connects to the S3 that the Spark session uses: AWS, or the local stack. Stateless. */
final class CrawlStore {
  private static final String LOCAL_ACCESS_KEY = "letsdata-local";
  private static final String LOCAL_SECRET_KEY = "letsdata-local-secret"; // public on purpose

  private CrawlStore() {}

  /**
   * A client for the settings {@code spark.letsdata.s3.*} and {@code spark.letsdata.credentials}.
   * The caller closes it.
   *
   * @param setting a setting's value, by key
   */
  static S3Client connect(Function<String, Optional<String>> setting) {
    S3ClientBuilder builder = S3Client.builder();
    setting.apply("spark.letsdata.s3.region").map(Region::of).ifPresent(builder::region);
    setting
        .apply("spark.letsdata.s3.endpoint")
        .map(URI::create)
        .ifPresent(builder::endpointOverride);
    setting
        .apply("spark.letsdata.s3.path-style-access")
        .map(Boolean::parseBoolean)
        .ifPresent(builder::forcePathStyle);
    if (setting.apply("spark.letsdata.credentials").equals(Optional.of("local-stack"))) {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(LOCAL_ACCESS_KEY, LOCAL_SECRET_KEY)));
    }
    return builder.build();
  }
}
