// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Draws names that are unique. Stateless. */
@Internal
public final class Nonces {
  private Nonces() {}

  /**
   * 16 hex digits, each time from the system's entropy: a restored snapshot of a process must not
   * repeat one.
   */
  public static String next() {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
