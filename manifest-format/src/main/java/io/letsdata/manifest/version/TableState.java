// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values of an output that a table has beside its rows' schema. Immutable.
 *
 * @param partitionBy names of the partition columns in the order of the keys; they are columns of
 *     the schema
 * @param properties of the table, for its users; a reader of rows needs none of them
 */
@Internal
public record TableState(List<String> partitionBy, Map<String, String> properties) {
  /** Without partition columns and properties. */
  public static final TableState NONE = new TableState(List.of(), Map.of());

  public TableState {
    partitionBy = List.copyOf(partitionBy);
    if (new HashSet<>(partitionBy).size() != partitionBy.size()) {
      throw new IllegalArgumentException("a partition column is named twice: " + partitionBy);
    }
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
  }
}
