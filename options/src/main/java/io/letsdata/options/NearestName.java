// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a mistyped one may have meant, without regard to case. Pure. */
@Internal
public final class NearestName {
  private NearestName() {}

  /** The nearest name, however far; the first in alphabetical order of several; empty of none. */
  public static Optional<String> of(String name, Collection<String> known) {
    String lower = lower(name);
    return known.stream()
        .min(
            Comparator.comparingInt((String k) -> distance(lower, lower(k)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** {@code ; did you mean 'x'?}, or nothing when half of the name would have to change. */
  public static String hint(String name, Collection<String> known) {
    return of(name, known)
        .filter(k -> distance(lower(name), lower(k)) <= Math.max(2, name.length() / 2))
        .map(k -> "; did you mean '" + k + "'?")
        .orElse("");
  }

  /** Levenshtein's distance: insertions, deletions and changes of one character. */
  static int distance(String a, String b) {
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

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
