// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import java.io.IOException;

/**
 * Bytes that are not what SPEC.md says: clipped, damaged, of an unknown version, or of something
 * else.
 */
public final class ShuffleFormatException extends IOException {
  public ShuffleFormatException(String message) {
    super(message);
  }
}
