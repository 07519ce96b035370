// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.List;

/** Lists in sentences. Pure. */
final class Sentences {
  private Sentences() {}

  /** {@code a}, {@code a or b}, {@code a, b or c}. */
  static String or(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }
}
