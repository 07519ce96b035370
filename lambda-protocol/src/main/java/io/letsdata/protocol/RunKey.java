// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of one application, by which its driver and its workers know each other's objects
 * ({@link SealedStore}). The driver makes it at the start; it travels in the request of an
 * invocation alone, never in an object, a log or an error. Immutable.
 *
 * @param base64 32 random bytes in base64; empty in a payload that is stored
 */
@Internal
public record RunKey(@JsonValue String base64) {
  /** No key: for a payload in the store, whose key comes with the request that names it. */
  public static final RunKey NONE = new RunKey("");

  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  /** Length of {@link #mac}. */
  static final int MAC_BYTES = 32;

  /** A key from JSON. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public RunKey {}

  /** A new random key. */
  public static RunKey random() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new RunKey(Base64.getEncoder().encodeToString(bytes));
  }

  /**
   * Begins the message authentication code of an object: HMAC-SHA256 (RFC 2104) of bucket, key and
   * content, so that an object is valid at its own place only.
   *
   * @throws IllegalStateException when this is {@link #NONE}
   */
  Mac mac(ObjectLocation location) {
    return mac(location.toString());
  }

  /**
   * Begins an HMAC-SHA256 (RFC 2104) of bytes that are not a whole object.
   *
   * @param purpose what they are; no location, so that a code never passes for an object's
   * @throws IllegalStateException when this is {@link #NONE}
   */
  public Mac mac(String purpose) {
    if (base64.isEmpty()) {
      throw new IllegalStateException("Cannot authenticate " + purpose + ": there is no key");
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(base64), ALGORITHM));
      mac.update(purpose.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("This JVM has no " + ALGORITHM, e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return base64.isEmpty() ? "no key" : "a key";
  }
}
