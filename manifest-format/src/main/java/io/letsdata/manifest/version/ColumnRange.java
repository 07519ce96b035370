// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of one partition column in the files of a part. Texts are compared by their UTF-16
 * code units, so a range is for equality, not for the order of numbers. Immutable.
 *
 * @param column its name
 * @param min least text that is not null; empty when all are null
 * @param max greatest text that is not null
 * @param nulls whether a file has null
 */
@Internal
public record ColumnRange(
    String column, Optional<String> min, Optional<String> max, boolean nulls) {
  public ColumnRange {
    if (min.isPresent() != max.isPresent() || (min.isEmpty() && !nulls)) {
      throw new IllegalArgumentException("range of partition column '" + column + "' is empty");
    }
  }

  /** Whether a file of the part may have this value. */
  public boolean mayContain(@Nullable String text) {
    return text == null
        ? nulls
        : min.isPresent()
            && min.get().compareTo(text) <= 0
            && max.orElseThrow().compareTo(text) >= 0;
  }
}
