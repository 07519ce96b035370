// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The partition of a file: the value that a partition column has in all its rows, for each
 * partition column in order. Immutable.
 *
 * @param values empty in an output that is not partitioned; no column twice
 */
@Internal
public record Partition(List<Value> values) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Hive's name of null, as Spark writes it. */
  public static final String NULL_NAME = "__HIVE_DEFAULT_PARTITION__";

  /** The partition of every file in an output without partition columns. */
  public static final Partition NONE = new Partition(List.of());

  private static final String ESCAPED = "\"#%'*/:=?\\{[]^\u007f";

  /**
   * The value of one column.
   *
   * @param column its name
   * @param text the value as Spark casts it to a string; null is null
   */
  public record Value(String column, @Nullable String text) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Value {
      if (column.isEmpty()) {
        throw new IllegalArgumentException("a partition column has no name");
      }
    }

    @Override
    public String toString() {
      return escaped(column) + "=" + (text == null ? NULL_NAME : escaped(text));
    }
  }

  public Partition {
    values = List.copyOf(values);
    Set<String> names = new HashSet<>();
    for (Value value : values) {
      if (!names.add(value.column())) {
        throw new IllegalArgumentException(
            "partition column '" + value.column() + "' is named twice");
      }
    }
  }

  /** A partition of one column. */
  public static Partition of(String column, @Nullable String text) {
    return new Partition(List.of(new Value(column, text)));
  }

  /** The columns in order. */
  public List<String> columns() {
    return values.stream().map(Value::column).toList();
  }

  /** The value of a column; empty when it is null or no column of this partition. */
  public Optional<String> text(String column) {
    return values.stream()
        .filter(value -> value.column().equals(column))
        .findFirst()
        .flatMap(value -> Optional.ofNullable(value.text()));
  }

  /** The folder as Hive and Spark name it: {@code day=2026-01-31/country=de}; empty for none. */
  public String path() {
    return values.stream().map(Value::toString).collect(Collectors.joining("/"));
  }

  @Override
  public String toString() {
    return values.isEmpty() ? "no partition" : path();
  }

  // ExternalCatalogUtils.escapePathName (Spark 3.5.9).
  private static String escaped(String text) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || ESCAPED.indexOf(c) >= 0) {
        result
            .append('%')
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      } else {
        result.append(c);
      }
    }
    return result.toString();
  }
}
