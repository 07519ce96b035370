// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The value of WARC-Block-Digest: {@code sha1:} and the base32 (RFC 4648) of the block's SHA-1. Not
 * thread-safe.
 */
final class BlockDigest {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private final MessageDigest sha1;

  BlockDigest() {
    try {
      this.sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  String of(Bytes block) {
    sha1.update(block.array(), 0, block.length());
    byte[] hash = sha1.digest();
    StringBuilder text = new StringBuilder("sha1:");
    // 20 bytes are 32 digits of 5 bits: no padding.
    for (int bit = 0; bit < hash.length * 8; bit += 5) {
      int first = hash[bit / 8] & 0xFF;
      int second = bit / 8 + 1 < hash.length ? hash[bit / 8 + 1] & 0xFF : 0;
      int digit = (((first << 8) | second) >>> (11 - bit % 8)) & 31;
      text.append(BASE32.charAt(digit));
    }
    return text.toString();
  }
}
