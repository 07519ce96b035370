// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Connects to the S3 that the Spark session uses: AWS, or the local stack. Stateless. */
final class CrawlStore {
  private CrawlStore() {}

  /**
   * A client for the settings {@code spark.letsdata.s3.*} and {@code
   * spark.letsdata.credentials-file}. The caller closes it.
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
    setting
        .apply("spark.letsdata.credentials-file") // of a local stack
        .map(CrawlStore::credentialsIn)
        .ifPresent(builder::credentialsProvider);
    return builder.build();
  }

  private static AwsCredentialsProvider credentialsIn(String file) {
    return ProfileCredentialsProvider.builder()
        .profileFile(
            ProfileFile.builder().content(Path.of(file)).type(ProfileFile.Type.CREDENTIALS).build())
        .build();
  }
}
