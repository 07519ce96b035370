// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names that are never drawn twice. Stateless. */
public final class Nonces {
  private Nonces() {}

  /**
   * 16 hex digits. Made anew each time, from the system's entropy: a restored snapshot of a process
   * must not repeat one.
   */
  public static String next() {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
