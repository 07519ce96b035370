// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the store is asked to encrypt new objects with. Objects tell how they are encrypted, so
 * reads need no setting, only permission for the key. Immutable.
 *
 * @param kmsKey id, ARN or alias of a key; absent for the account's {@code aws/s3}, and always
 *     without {@link Kind#SSE_KMS}
 */
public record Encryption(Kind kind, Optional<String> kmsKey) implements Serializable {
  /** Nothing is asked: the bucket's own default applies, on AWS at least SSE-S3. */
  public static final Encryption OF_THE_BUCKET = new Encryption(Kind.BUCKET, Optional.empty());

  /** {@code bucket}, {@code sse-s3} or {@code sse-kms}; default {@code bucket}. */
  public static final String ENCRYPTION_KEY = "spark.letsdata.s3.encryption";

  /** Only with {@code sse-kms}. */
  public static final String KMS_KEY_KEY = "spark.letsdata.s3.kms-key";

  /** Key ids, ARNs and aliases (AWS KMS, "Key identifiers"). */
  private static final Pattern KEY_SYNTAX = Pattern.compile("[A-Za-z0-9:/_-]{1,2048}");

  /** Who holds the key. */
  public enum Kind {
    /** As the bucket says; no header is sent. */
    BUCKET("bucket"),
    /** S3's own keys. */
    SSE_S3("sse-s3"),
    /** A key in KMS, through S3 Bucket Keys: without these every object is a request to KMS. */
    SSE_KMS("sse-kms");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As it is written in the configuration. */
    public String text() {
      return text;
    }

    private static Kind parse(String value) {
      for (Kind kind : values()) {
        if (kind.text.equals(value)) {
          return kind;
        }
      }
      throw invalid(ENCRYPTION_KEY, value, "must be bucket, sse-s3 or sse-kms");
    }
  }

  /** Refuses a key that would not be used, and what cannot be one. */
  public Encryption {
    if (kmsKey.isPresent()) {
      if (kind != Kind.SSE_KMS) {
        throw invalid(KMS_KEY_KEY, kmsKey.get(), "must be unset unless encryption is sse-kms");
      }
      if (!KEY_SYNTAX.matcher(kmsKey.get()).matches()) {
        throw invalid(KMS_KEY_KEY, kmsKey.get(), "must be a key's id, ARN or alias");
      }
    }
  }

  static Encryption parse(Optional<String> kind, Optional<String> kmsKey) {
    return new Encryption(kind.map(Kind::parse).orElse(Kind.BUCKET), kmsKey);
  }

  private static IllegalArgumentException invalid(String key, String value, String rule) {
    return new IllegalArgumentException(
        "Invalid value for " + key + ": '" + value + "' (" + rule + ")");
  }
}
