// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.stats;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The result of an aggregation, computed from facts about whole objects: {@code count}, {@code min}
 * and {@code max}, grouped by columns that are constant in each object. Pure.
 *
 * @param schema the grouping columns, then the aggregates, in their order
 * @param rows the result
 */
@Internal
public record ManifestAggregate(StructType schema, List<InternalRow> rows) {

  /**
   * Computes it.
   *
   * @param objects whose rows are aggregated
   * @param constants values of the grouping columns in an object, in their order; empty when one of
   *     the columns is not constant
   * @param columns names and types of all columns
   * @return empty when the facts are not enough
   */
  public static <T> Optional<ManifestAggregate> of(
      Aggregation aggregation,
      List<T> objects,
      Function<T, ObjectFacts> facts,
      StructType columns,
      Optional<Function<T, InternalRow>> constants) {
    StructType schema = new StructType();
    List<Column> wanted = new ArrayList<>();
    for (Expression group : aggregation.groupByExpressions()) {
      Optional<StructField> field = field(group, columns);
      if (field.isEmpty() || constants.isEmpty()) {
        return Optional.empty();
      }
      schema = schema.add(field.get());
    }
    for (AggregateFunc function : aggregation.aggregateExpressions()) {
      Optional<Column> column = Column.of(function, columns);
      if (column.isEmpty()) {
        return Optional.empty();
      }
      wanted.add(column.get());
      schema = schema.add("agg_" + wanted.size(), column.get().type());
    }
    Map<InternalRow, @Nullable Object[]> groups = new LinkedHashMap<>();
    InternalRow all = new GenericInternalRow(new Object[0]);
    if (aggregation.groupByExpressions().length == 0) {
      groups.put(all, zeros(wanted)); // an aggregate without groups has one row
    }
    for (T object : objects) {
      ObjectFacts known = facts.apply(object);
      if (known.rows().isEmpty()) {
        return Optional.empty();
      } else if (known.rows().getAsLong() == 0) {
        continue;
      }
      InternalRow group = constants.isPresent() ? constants.get().apply(object) : all;
      @Nullable Object[] values =
          groups.computeIfAbsent(group.numFields() == 0 ? all : group, g -> zeros(wanted));
      for (int i = 0; i < values.length; i++) {
        if (!wanted.get(i).add(known, values, i)) {
          return Optional.empty();
        }
      }
    }
    List<InternalRow> rows = new ArrayList<>();
    groups.forEach((group, values) -> rows.add(joined(group, values)));
    return Optional.of(new ManifestAggregate(schema, rows));
  }

  private static InternalRow joined(InternalRow group, @Nullable Object[] values) {
    @Nullable Object[] all = new @Nullable Object[group.numFields() + values.length];
    if (group instanceof GenericInternalRow row) {
      System.arraycopy(row.values(), 0, all, 0, row.numFields());
    }
    System.arraycopy(values, 0, all, group.numFields(), values.length);
    return new GenericInternalRow(all);
  }

  private static @Nullable Object[] zeros(List<Column> wanted) {
    return wanted.stream()
        .map(column -> column.kind() == Kind.COUNT ? (Object) 0L : null)
        .toArray();
  }

  private static Optional<StructField> field(Expression expression, StructType columns) {
    return expression instanceof NamedReference reference && reference.fieldNames().length == 1
        ? Arrays.stream(columns.fields())
            .filter(field -> field.name().equals(reference.fieldNames()[0]))
            .findFirst()
        : Optional.empty();
  }

  private enum Kind {
    COUNT,
    MIN,
    MAX
  }

  /**
   * One aggregate.
   *
   * @param name of its column; empty: all rows
   */
  private record Column(Kind kind, String name, DataType type) {
    static Optional<Column> of(AggregateFunc function, StructType columns) {
      if (function instanceof CountStar) {
        return Optional.of(new Column(Kind.COUNT, "", DataTypes.LongType));
      } else if (function instanceof Count count && !count.isDistinct()) {
        return field(count.column(), columns)
            .map(field -> new Column(Kind.COUNT, field.name(), DataTypes.LongType));
      } else if (function instanceof Min min) {
        return field(min.column(), columns)
            .map(field -> new Column(Kind.MIN, field.name(), field.dataType()));
      } else if (function instanceof Max max) {
        return field(max.column(), columns)
            .map(field -> new Column(Kind.MAX, field.name(), field.dataType()));
      }
      return Optional.empty();
    }

    /** Adds an object with rows to {@code values[at]}; false when its facts are not enough. */
    boolean add(ObjectFacts object, @Nullable Object[] values, int at) {
      long rows = object.rows().orElseThrow();
      if (name.isEmpty()) {
        values[at] = (Long) values[at] + rows;
        return true;
      }
      Optional<ObjectFacts.ColumnFacts> column = object.column(name);
      OptionalLong nulls = column.map(ObjectFacts.ColumnFacts::nulls).orElse(OptionalLong.empty());
      if (kind == Kind.COUNT) {
        if (nulls.isEmpty()) {
          return false;
        }
        values[at] = (Long) values[at] + rows - nulls.getAsLong();
        return true;
      } else if (nulls.isPresent() && nulls.getAsLong() == rows) {
        return true; // no value
      }
      Optional<Comparable<Object>> bound =
          column.flatMap(known -> kind == Kind.MIN ? known.min() : known.max());
      if (bound.isEmpty()) {
        return false;
      }
      Object before = values[at];
      int order = before == null ? 0 : bound.get().compareTo(before);
      if (before == null || (kind == Kind.MIN ? order < 0 : order > 0)) {
        values[at] = bound.get();
      }
      return true;
    }
  }
}
