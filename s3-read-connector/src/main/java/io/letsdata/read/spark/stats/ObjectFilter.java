// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.stats;

import io.letsdata.options.Internal;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.sources.And;
import org.apache.spark.sql.sources.EqualNullSafe;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThan;
import org.apache.spark.sql.sources.GreaterThanOrEqual;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.sources.IsNotNull;
import org.apache.spark.sql.sources.IsNull;
import org.apache.spark.sql.sources.LessThan;
import org.apache.spark.sql.sources.LessThanOrEqual;
import org.apache.spark.sql.sources.Or;
import org.apache.spark.sql.sources.StringStartsWith;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Finds out which objects certainly have no row that a filter lets through. Pure. */
@Internal
public final class ObjectFilter {
  private final StatedStatistics statistics;

  /** For the objects of one manifest. */
  public ObjectFilter(StatedStatistics statistics) {
    this.statistics = statistics;
  }

  /** Whether the object may have a row for which {@code filter} is true. */
  public boolean mayMatch(Filter filter, ObjectFacts object) {
    if (filter instanceof And and) {
      return mayMatch(and.left(), object) && mayMatch(and.right(), object);
    } else if (filter instanceof Or or) {
      return mayMatch(or.left(), object) || mayMatch(or.right(), object);
    }
    String[] references = filter.references();
    return references.length != 1
        || object
            .column(references[0])
            .map(column -> mayMatch(filter, references[0], column, object.rows()))
            .orElse(true);
  }

  private boolean mayMatch(
      Filter filter, String name, ObjectFacts.ColumnFacts column, OptionalLong rows) {
    if (filter instanceof IsNull) {
      return column.nulls().isEmpty() || column.nulls().getAsLong() > 0;
    } else if (filter instanceof EqualNullSafe equal && equal.value() == null) {
      return column.nulls().isEmpty() || column.nulls().getAsLong() > 0;
    } else if (isComparison(filter) && column.nulls().isPresent() && column.nulls().equals(rows)) {
      return false; // all values are null
    } else if (filter instanceof EqualTo equal) {
      return mayEqual(name, equal.value(), column);
    } else if (filter instanceof EqualNullSafe equal) {
      return mayEqual(name, equal.value(), column);
    } else if (filter instanceof In in) {
      return Arrays.stream(in.values())
          .anyMatch(value -> value != null && mayEqual(name, value, column));
    } else if (filter instanceof GreaterThan greater) {
      return holds(column.max(), name, greater.value(), order -> order > 0);
    } else if (filter instanceof GreaterThanOrEqual greater) {
      return holds(column.max(), name, greater.value(), order -> order >= 0);
    } else if (filter instanceof LessThan less) {
      return holds(column.min(), name, less.value(), order -> order < 0);
    } else if (filter instanceof LessThanOrEqual less) {
      return holds(column.min(), name, less.value(), order -> order <= 0);
    } else if (filter instanceof StringStartsWith starts) {
      return mayStartWith(UTF8String.fromString(starts.value()), column);
    }
    return true;
  }

  private static boolean isComparison(Filter filter) {
    return filter instanceof IsNotNull
        || filter instanceof EqualTo
        || filter instanceof EqualNullSafe
        || filter instanceof In
        || filter instanceof GreaterThan
        || filter instanceof GreaterThanOrEqual
        || filter instanceof LessThan
        || filter instanceof LessThanOrEqual
        || filter instanceof StringStartsWith;
  }

  private boolean mayEqual(String name, @Nullable Object value, ObjectFacts.ColumnFacts column) {
    return holds(column.min(), name, value, order -> order <= 0)
        && holds(column.max(), name, value, order -> order >= 0);
  }

  /** Whether {@code bound} compares with {@code value} so; true when one is unknown. */
  private boolean holds(
      Optional<Comparable<Object>> bound,
      String name,
      @Nullable Object value,
      Predicate<Integer> comparison) {
    Object internal =
        statistics
            .type(name)
            .<Object>map(
                type -> CatalystTypeConverters.createToCatalystConverter(type).apply(value))
            .orElse(null);
    return bound.isEmpty() || internal == null || comparison.test(bound.get().compareTo(internal));
  }

  /** Whether a column may have {@code value}, in Spark's internal form. */
  public static boolean mayHave(ObjectFacts.ColumnFacts column, Object value) {
    return column.min().map(min -> min.compareTo(value) <= 0).orElse(true)
        && column.max().map(max -> max.compareTo(value) >= 0).orElse(true);
  }

  private static boolean mayStartWith(UTF8String prefix, ObjectFacts.ColumnFacts column) {
    boolean below = column.max().map(max -> max.compareTo(prefix) < 0).orElse(false);
    boolean above =
        column
            .min()
            .map(
                min -> min.compareTo(prefix) > 0 && !((UTF8String) (Object) min).startsWith(prefix))
            .orElse(false);
    return !below && !above;
  }
}
