// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How to reach S3. Carries no secret; equal settings share clients ({@code SharedStores}).
 *
 * @param endpoint absent for AWS itself
 * @param region absent for the SDK's own lookup, or {@code us-east-1} when an endpoint is given
 * @param pathStyleAccess {@code http://host/bucket/key} instead of {@code http://bucket.host/key}
 * @param maxConnections at most so many requests at once, 1 to 512
 * @param encryption of every object that is written
 */
public record StoreSettings(
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyleAccess,
    CredentialsKind credentials,
    int maxConnections,
    Encryption encryption) {

  /** {@code http://host:port} of an S3 that is not AWS's. */
  public static final String ENDPOINT_KEY = "spark.letsdata.s3.endpoint";

  /** Such as {@code eu-west-1}. */
  public static final String REGION_KEY = "spark.letsdata.s3.region";

  /** {@code true} or {@code false}; default {@code false}. */
  public static final String PATH_STYLE_KEY = "spark.letsdata.s3.path-style-access";

  /** {@code default} or {@code local-stack}. */
  public static final String CREDENTIALS_KEY = "spark.letsdata.credentials";

  /** Default 64. */
  public static final String MAX_CONNECTIONS_KEY = "spark.letsdata.s3.max-connections";

  /** All keys that {@link #from} reads. */
  public static final List<String> KEYS =
      List.of(
          ENDPOINT_KEY,
          REGION_KEY,
          PATH_STYLE_KEY,
          CREDENTIALS_KEY,
          MAX_CONNECTIONS_KEY,
          Encryption.ENCRYPTION_KEY,
          Encryption.KMS_KEY_KEY);

  /** Half of what a function may open (1,024 descriptors, AWS Lambda quotas). */
  public static final int MAX_CONNECTIONS_LIMIT = 512;

  private static final int DEFAULT_MAX_CONNECTIONS = 64;

  public StoreSettings {
    endpoint.ifPresent(StoreSettings::requireEndpoint);
    if (maxConnections < 1 || maxConnections > MAX_CONNECTIONS_LIMIT) {
      throw invalid(
          MAX_CONNECTIONS_KEY,
          String.valueOf(maxConnections),
          "must be between 1 and " + MAX_CONNECTIONS_LIMIT);
    }
  }

  /** With the default number of connections, encrypted as the bucket says. */
  public StoreSettings(
      Optional<URI> endpoint,
      Optional<String> region,
      boolean pathStyleAccess,
      CredentialsKind credentials) {
    this(
        endpoint,
        region,
        pathStyleAccess,
        credentials,
        DEFAULT_MAX_CONNECTIONS,
        Encryption.OF_THE_BUCKET);
  }

  /** For the local stand-in at {@code endpoint}. */
  public static StoreSettings localStack(URI endpoint) {
    return new StoreSettings(
        Optional.of(endpoint), Optional.of("us-east-1"), true, CredentialsKind.LOCAL_STACK);
  }

  /**
   * Reads the keys above; absent ones take their defaults.
   *
   * @throws IllegalArgumentException naming key and value
   */
  public static StoreSettings from(Function<String, Optional<String>> lookup) {
    return new StoreSettings(
        lookup.apply(ENDPOINT_KEY).map(StoreSettings::parseEndpoint),
        lookup.apply(REGION_KEY),
        lookup.apply(PATH_STYLE_KEY).map(StoreSettings::parsePathStyle).orElse(false),
        lookup
            .apply(CREDENTIALS_KEY)
            .map(text -> CredentialsKind.parse(CREDENTIALS_KEY, text))
            .orElse(CredentialsKind.DEFAULT),
        lookup
            .apply(MAX_CONNECTIONS_KEY)
            .map(StoreSettings::parseMaxConnections)
            .orElse(DEFAULT_MAX_CONNECTIONS),
        Encryption.parse(
            lookup.apply(Encryption.ENCRYPTION_KEY), lookup.apply(Encryption.KMS_KEY_KEY)));
  }

  /** What {@link #from} reads back as these settings. */
  public Map<String, String> toProperties() {
    Map<String, String> properties = new LinkedHashMap<>();
    endpoint.ifPresent(uri -> properties.put(ENDPOINT_KEY, uri.toString()));
    region.ifPresent(name -> properties.put(REGION_KEY, name));
    properties.put(PATH_STYLE_KEY, String.valueOf(pathStyleAccess));
    properties.put(CREDENTIALS_KEY, credentials.text());
    if (maxConnections != DEFAULT_MAX_CONNECTIONS) {
      properties.put(MAX_CONNECTIONS_KEY, String.valueOf(maxConnections));
    }
    if (!encryption.equals(Encryption.OF_THE_BUCKET)) {
      properties.put(Encryption.ENCRYPTION_KEY, encryption.kind().text());
    }
    encryption.kmsKey().ifPresent(key -> properties.put(Encryption.KMS_KEY_KEY, key));
    return properties;
  }

  /** Where requests go, for messages. */
  public String endpointText() {
    return endpoint.map(URI::toString).orElse("AWS S3" + region.map(r -> " in " + r).orElse(""));
  }

  private static URI parseEndpoint(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw invalid(ENDPOINT_KEY, text, "must be http://host:port or https://host");
    }
  }

  private static void requireEndpoint(URI uri) {
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
      throw invalid(ENDPOINT_KEY, uri.toString(), "must be http://host:port or https://host");
    }
  }

  private static boolean parsePathStyle(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw invalid(PATH_STYLE_KEY, text, "must be true or false");
    }
    return text.equals("true");
  }

  private static int parseMaxConnections(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw invalid(MAX_CONNECTIONS_KEY, text, "must be between 1 and " + MAX_CONNECTIONS_LIMIT);
    }
  }

  private static IllegalArgumentException invalid(String key, String value, String rule) {
    return new IllegalArgumentException(
        "Invalid value for " + key + ": '" + value + "' (" + rule + ")");
  }
}
