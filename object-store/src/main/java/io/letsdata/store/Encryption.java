// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.util.Optional;

/**
 * The encryption at rest of new objects. An object carries its own encryption, so reads need no
 * setting, only permission for the key. Immutable.
 *
 * @param kmsKey id, ARN or alias of a key; absent for the account's {@code aws/s3}, and always
 *     without {@link Kind#SSE_KMS}
 */
@Evolving
public record Encryption(Kind kind, Optional<String> kmsKey) {
  /** Nothing is asked: the bucket's own default applies, on AWS at least SSE-S3. */
  public static final Encryption OF_THE_BUCKET = new Encryption(Kind.BUCKET, Optional.empty());

  /** Who holds the key. */
  public enum Kind {
    /** By the bucket's own default; no header is sent. */
    BUCKET,
    /** S3's own keys. */
    SSE_S3,
    /** A key in KMS, through S3 Bucket Keys: without these every object is a request to KMS. */
    SSE_KMS
  }

  /** Refuses a key that would not be used, and a text that cannot be one. */
  public Encryption {
    kmsKey.ifPresent(StoreOptions.KMS_KEY::parse);
    if (kmsKey.isPresent() && kind != Kind.SSE_KMS) {
      throw StoreOptions.KMS_KEY.invalid(
          kmsKey.get(), "must be unset unless encryption is sse-kms");
    }
  }
}
