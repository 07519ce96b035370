// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import org.jspecify.annotations.Nullable;

/** Converts etags between the header, which quotes them, and our values. */
final class Etags {

  private Etags() {}

  static String plain(String header) {
    String strong = header.startsWith("W/") ? header.substring(2) : header;
    return strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"")
        ? strong.substring(1, strong.length() - 1)
        : strong;
  }

  /** Whether the header is present and complete, with its closing quote. */
  static boolean complete(@Nullable String header) {
    return header != null && !header.isEmpty() && header.startsWith("\"") == header.endsWith("\"");
  }

  static String quoted(String etag) {
    return '"' + etag + '"';
  }
}
