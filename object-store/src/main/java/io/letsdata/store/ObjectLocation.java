// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import io.letsdata.options.UrlIdentity;
import java.io.Serializable;

/**
 * Where an object is, or would be: a bucket and a key. Immutable; costs no request.
 *
 * <p>An empty key names the bucket itself. It is valid for {@link #resolve} and as a prefix;
 * requests for an object refuse it.
 *
 * @param bucket not empty, without slashes, colons and @
 * @param key as S3 stores it: not URL-encoded, no leading slash added or removed
 */
@Evolving
public record ObjectLocation(String bucket, String key) implements Serializable {

  public ObjectLocation {
    if (bucket.indexOf('@') >= 0 || bucket.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "Cannot name an object: before its key is a user, a password or a port, which is not shown here. Give s3://<bucket>/<key>, and the identity to the SDK's profile, role or environment.");
    }
    if (bucket.isEmpty() || bucket.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "Cannot name an object: '"
              + bucket
              + "' is not a bucket name. Give s3://<bucket>/<key>.");
    }
  }

  /**
   * Reads {@code s3://bucket/key}; {@code s3a} and {@code s3n} mean the same.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static ObjectLocation parse(String text) {
    int colon = text.indexOf("://");
    String scheme = colon < 0 ? "" : text.substring(0, colon);
    if (!scheme.equals("s3") && !scheme.equals("s3a") && !scheme.equals("s3n")) {
      throw new IllegalArgumentException(
          "Cannot read location '"
              + UrlIdentity.hidden(text)
              + "': it is not an S3 location. Write s3://<bucket>/<key>.");
    }
    String rest = text.substring(colon + 3);
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot read location '" + text + "': it names no bucket. Write s3://<bucket>/<key>.");
    }
    return new ObjectLocation(bucket, slash < 0 ? "" : rest.substring(slash + 1));
  }

  /**
   * The location of {@code child} under this one, with exactly one slash added between them when
   * there is none.
   */
  public ObjectLocation resolve(String child) {
    boolean joined = key.isEmpty() || key.endsWith("/");
    return new ObjectLocation(bucket, joined ? key + child : key + "/" + child);
  }

  /** {@code s3://bucket/key}; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
