// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import io.letsdata.options.OptionType;
import io.letsdata.options.Options;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach S3: the values of {@link StoreOptions}. Holds no secret; equal settings share
 * clients ({@code SharedStores}). Code that makes settings decides itself whether an endpoint may
 * be {@code http://} ({@link #from} asks the session). Serializable, so that it travels to tasks as
 * a value. Immutable.
 *
 * @param endpoint absent for AWS itself
 * @param region absent for the SDK's own lookup, or {@code us-east-1} when an endpoint is given
 * @param pathStyleAccess {@code http://host/bucket/key} instead of {@code http://bucket.host/key}
 * @param maxConnections at most so many requests at once, 1 to 512
 * @param encryption of every object that is written
 * @param bucketOwners accounts that must own the buckets; S3 refuses requests to others
 * @param credentialsFile the file with the identity of a local stack; present for {@link
 *     CredentialsKind#LOCAL_STACK}
 */
@Evolving
public record StoreSettings(
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyleAccess,
    CredentialsKind credentials,
    int maxConnections,
    Encryption encryption,
    BucketOwners bucketOwners,
    Optional<String> credentialsFile)
    implements Serializable {

  private static final int DEFAULT_MAX_CONNECTIONS =
      Options.ofSession(Map.of()).get(StoreOptions.MAX_CONNECTIONS);

  public StoreSettings {
    endpoint.ifPresent(uri -> StoreOptions.ENDPOINT.parse(uri.toString()));
    StoreOptions.MAX_CONNECTIONS.parse(String.valueOf(maxConnections));
    if (credentials == CredentialsKind.LOCAL_STACK && credentialsFile.isEmpty()) {
      throw StoreOptions.CREDENTIALS.invalid(
          OptionType.textOf(credentials),
          "needs %s, which the conf of the local stack has"
              .formatted(StoreOptions.CREDENTIALS_FILE.key()));
    }
  }

  /**
   * For the S3 of a local stack.
   *
   * @param credentialsFile the file with the identity of this start
   */
  public static StoreSettings localStack(URI endpoint, Path credentialsFile) {
    return new StoreSettings(
        Optional.of(endpoint),
        Optional.of("us-east-1"),
        true,
        CredentialsKind.LOCAL_STACK,
        DEFAULT_MAX_CONNECTIONS,
        Encryption.OF_THE_BUCKET,
        BucketOwners.ANY,
        Optional.of(credentialsFile.toString()));
  }

  /**
   * The values of {@link StoreOptions}.
   *
   * @throws io.letsdata.options.InvalidOptionException naming key and value
   */
  public static StoreSettings from(Options options) {
    return new StoreSettings(
        StoreOptions.endpoint(options, StoreOptions.ENDPOINT),
        options.get(StoreOptions.REGION),
        options.get(StoreOptions.PATH_STYLE),
        options.get(StoreOptions.CREDENTIALS),
        options.get(StoreOptions.MAX_CONNECTIONS),
        new Encryption(options.get(StoreOptions.ENCRYPTION), options.get(StoreOptions.KMS_KEY)),
        options.get(StoreOptions.BUCKET_OWNERS).orElse(BucketOwners.ANY),
        options.get(StoreOptions.CREDENTIALS_FILE));
  }

  /** The session's configuration from which {@link #from} makes these settings. */
  public Map<String, String> toProperties() {
    Map<String, String> properties = new LinkedHashMap<>();
    endpoint.ifPresent(uri -> properties.put(StoreOptions.ENDPOINT.key(), uri.toString()));
    if (endpoint.filter(StoreOptions::isOpenToOthers).isPresent()) {
      properties.put(StoreOptions.ALLOW_HTTP.key(), "true"); // these settings exist: it was allowed
    }
    region.ifPresent(name -> properties.put(StoreOptions.REGION.key(), name));
    properties.put(StoreOptions.PATH_STYLE.key(), String.valueOf(pathStyleAccess));
    properties.put(StoreOptions.CREDENTIALS.key(), OptionType.textOf(credentials));
    credentialsFile.ifPresent(file -> properties.put(StoreOptions.CREDENTIALS_FILE.key(), file));
    if (maxConnections != DEFAULT_MAX_CONNECTIONS) {
      properties.put(StoreOptions.MAX_CONNECTIONS.key(), String.valueOf(maxConnections));
    }
    if (!encryption.equals(Encryption.OF_THE_BUCKET)) {
      properties.put(StoreOptions.ENCRYPTION.key(), OptionType.textOf(encryption.kind()));
    }
    encryption.kmsKey().ifPresent(key -> properties.put(StoreOptions.KMS_KEY.key(), key));
    if (!bucketOwners.equals(BucketOwners.ANY)) {
      properties.put(StoreOptions.BUCKET_OWNERS.key(), bucketOwners.toString());
    }
    return properties;
  }

  /** Where requests go, for messages. */
  public String endpointText() {
    return endpoint.map(URI::toString).orElse("AWS S3" + region.map(r -> " in " + r).orElse(""));
  }

  /** Optional is not serializable: the properties travel instead. */
  private Object writeReplace() {
    return new Properties(new HashMap<>(toProperties()));
  }

  private record Properties(HashMap<String, String> values) implements Serializable {
    private Object readResolve() {
      return from(Options.ofSession(values));
    }
  }
}
