// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Statistics of one top-level column of one object. An absent value is unknown, not zero.
 *
 * @param nulls rows in which the column is null
 * @param min smallest non-null value as text (SPEC.md, "Column statistics")
 * @param max largest non-null value as text
 */
@Internal
public record ColumnStats(OptionalLong nulls, Optional<String> min, Optional<String> max) {
  /** All values are unknown. */
  public static final ColumnStats UNKNOWN =
      new ColumnStats(OptionalLong.empty(), Optional.empty(), Optional.empty());

  public ColumnStats {
    if (nulls.isPresent() && nulls.getAsLong() < 0) {
      throw new IllegalArgumentException("nulls must be at least 0, not " + nulls.getAsLong());
    }
  }
}
