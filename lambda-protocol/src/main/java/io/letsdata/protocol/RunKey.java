// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The secret of one application, by which its driver and its workers know each other's objects
 * ({@link SealedStore}). The driver makes it at the start; it travels in the request of an
 * invocation alone, never in an object, a log or an error. Immutable.
 *
 * @param base64 16 random bytes in base64; empty in a payload that is stored
 */
@Internal
public record RunKey(@JsonValue String base64) {
  /** No key: for a payload in the store, whose key comes with the request that names it. */
  public static final RunKey NONE = new RunKey("");

  /** A key from JSON. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public RunKey {}

  /** A new random key. */
  public static RunKey random() {
    byte[] bytes = new byte[SipHash.KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new RunKey(Base64.getEncoder().encodeToString(bytes));
  }

  /**
   * Begins the message authentication code of an object, which covers bucket, key and content, so
   * that an object is valid at its own place only.
   *
   * @throws IllegalStateException when this is {@link #NONE}
   */
  SipHash mac(ObjectLocation location) {
    return mac(location.toString());
  }

  /**
   * Begins the message authentication code of bytes that are not a whole object.
   *
   * @param purpose what they are; no location, so that a code never passes for an object's
   * @throws IllegalStateException when this is {@link #NONE}
   */
  public SipHash mac(String purpose) {
    if (base64.isEmpty()) {
      throw new IllegalStateException("Cannot authenticate " + purpose + ": there is no key");
    }
    SipHash mac = new SipHash(Base64.getDecoder().decode(base64));
    mac.update(purpose.getBytes(StandardCharsets.UTF_8));
    mac.update(new byte[1]);
    return mac;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return base64.isEmpty() ? "no key" : "a key";
  }
}
