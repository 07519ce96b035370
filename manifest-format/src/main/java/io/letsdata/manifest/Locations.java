// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.UrlIdentity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code s3://bucket/key} as text: this module does not use the store. Keys are verbatim. */
final class Locations {
  /** S3's limit, in UTF-8 bytes. */
  static final int MAX_KEY_BYTES = 1024;

  private static final String SCHEME = "s3://";
  private static final List<String> ALIASES = List.of("s3a://", "s3n://");

  private Locations() {}

  /**
   * Converts a key or URI to {@code s3://bucket/key}.
   *
   * @throws IllegalArgumentException with the reason, without a period at its end
   */
  static String resolve(String keyOrUri, Optional<String> bucket) {
    for (String alias : ALIASES) {
      if (keyOrUri.startsWith(alias)) {
        return requireLocation(SCHEME + keyOrUri.substring(alias.length()));
      }
    }
    if (keyOrUri.startsWith(SCHEME)) {
      return requireLocation(keyOrUri);
    }
    int scheme = keyOrUri.indexOf("://");
    if (scheme > 0 && keyOrUri.substring(0, scheme).chars().allMatch(Character::isLetterOrDigit)) {
      throw new IllegalArgumentException(
          "'"
              + UrlIdentity.hidden(keyOrUri)
              + "' is not an S3 object (known: s3://, s3a://, s3n://, or a bare key)");
    }
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException(
          "bare key '" + keyOrUri + "' but no bucket is given (set the option 'bucket')");
    }
    return requireLocation(SCHEME + bucket.get() + "/" + keyOrUri);
  }

  /** Returns {@code location} when it is {@code s3://bucket/key}. */
  static String requireLocation(String location) {
    int slash = location.startsWith(SCHEME) ? location.indexOf('/', SCHEME.length()) : -1;
    if (slash <= SCHEME.length() || slash == location.length() - 1) {
      throw new IllegalArgumentException(
          "'" + UrlIdentity.hidden(location) + "' is not of the form s3://bucket/key");
    }
    requireBucket(location.substring(SCHEME.length(), slash));
    int keyBytes = location.substring(slash + 1).getBytes(StandardCharsets.UTF_8).length;
    if (keyBytes > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "key of " + keyBytes + " bytes is longer than S3's " + MAX_KEY_BYTES);
    }
    return location;
  }

  /** Refuses {@code user:password@bucket} without repeating it. */
  static void requireBucket(String bucket) {
    if (bucket.indexOf('@') >= 0 || bucket.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "a user, a password or a port stands before the key (not shown here; write s3://bucket/key)");
    }
  }

  static String bucket(String location) {
    return location.substring(SCHEME.length(), location.indexOf('/', SCHEME.length()));
  }

  static String key(String location) {
    return location.substring(location.indexOf('/', SCHEME.length()) + 1);
  }
}
