// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds what a mistyped name may have meant. Pure. */
public final class NearestName {
  private NearestName() {}

  /** {@code ; did you mean 'x'?} or nothing when no known name is near. */
  public static String hint(String name, Collection<String> known) {
    String lower = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .min(
            Comparator.comparingInt((String k) -> distance(lower, k.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .filter(k -> distance(lower, k.toLowerCase(Locale.ROOT)) <= Math.max(2, name.length() / 2))
        .map(k -> "; did you mean '" + k + "'?")
        .orElse("");
  }

  /** Levenshtein: insertions, deletions and changes of one character. */
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
