// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.stats;

import io.letsdata.options.Internal;
import java.util.Optional;
import java.util.OptionalLong;

/** Facts about the rows of one object that cost no request. */
@Internal
public interface ObjectFacts {
  /** The number of its rows; empty when unknown. */
  OptionalLong rows();

  /** Facts about a top-level column; empty when nothing is known. */
  Optional<ColumnFacts> column(String name);

  /**
   * Facts about one column of one object.
   *
   * @param nulls rows in which it is null; empty when unknown
   * @param min least value that is not null, as Spark represents it; empty when unknown, and when
   *     all are null
   * @param max greatest value that is not null
   */
  record ColumnFacts(
      OptionalLong nulls, Optional<Comparable<Object>> min, Optional<Comparable<Object>> max) {}
}
