// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.stats;

import io.letsdata.manifest.ColumnStats;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.Internal;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a snapshot (manifest-format/SPEC.md, "Column statistics") as values of Spark. A
 * statistic that is no value of its column's type counts for nothing. Pure.
 */
@Internal
public final class StatedStatistics {
  private final StructType stated;

  /** Nothing is known. */
  public static final StatedStatistics NONE = new StatedStatistics(new StructType());

  private StatedStatistics(StructType stated) {
    this.stated = stated;
  }

  /**
   * Statistics of the columns whose type the table and the manifest agree about: the text of a
   * number does not order as a string does.
   */
  public static StatedStatistics of(StructType manifestSchema, StructType tableSchema) {
    return new StatedStatistics(
        new StructType(
            Arrays.stream(tableSchema.fields())
                .filter(field -> isTheSame(field, manifestSchema))
                .toArray(StructField[]::new)));
  }

  private static boolean isTheSame(StructField field, StructType manifestSchema) {
    return Arrays.stream(manifestSchema.fields())
        .anyMatch(
            other ->
                other.name().equals(field.name()) && other.dataType().equals(field.dataType()));
  }

  /** The facts about one object. */
  public ObjectFacts of(ManifestEntry file) {
    return new ObjectFacts() {
      @Override
      public OptionalLong rows() {
        return stated.isEmpty() ? OptionalLong.empty() : file.rows();
      }

      @Override
      public Optional<ColumnFacts> column(String name) {
        ColumnStats stats = file.stats().get(name);
        if (stats == null) {
          return Optional.empty();
        }
        return type(name)
            .map(
                type ->
                    new ColumnFacts(
                        stats.nulls(),
                        stats.min().flatMap(text -> value(text, type)),
                        stats.max().flatMap(text -> value(text, type))));
      }
    };
  }

  /** The type of a column that may have statistics. */
  public Optional<DataType> type(String name) {
    return Arrays.stream(stated.fields())
        .filter(field -> field.name().equals(name))
        .map(StructField::dataType)
        .findFirst();
  }

  /** The columns that may have statistics. */
  public StructType columns() {
    return stated;
  }

  /** The value that {@code text} stands for; empty when it is none of the type. */
  @SuppressWarnings("unchecked") // all of them compare with their own class
  static Optional<Comparable<Object>> value(String text, DataType type) {
    try {
      return Optional.ofNullable((Comparable<Object>) parsed(text, type));
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static @Nullable Comparable<?> parsed(String text, DataType type) {
    if (type instanceof ByteType) {
      return Byte.valueOf(text);
    } else if (type instanceof ShortType) {
      return Short.valueOf(text);
    } else if (type instanceof IntegerType) {
      return Integer.valueOf(text);
    } else if (type instanceof LongType) {
      return Long.valueOf(text);
    } else if (type instanceof DecimalType decimal) {
      Decimal value = Decimal.apply(new BigDecimal(text));
      return value.changePrecision(decimal.precision(), decimal.scale()) ? value : null;
    } else if (type instanceof BooleanType) {
      return (text.equals("true") || text.equals("false")) ? Boolean.valueOf(text) : null;
    } else if (type instanceof DateType) {
      return Math.toIntExact(LocalDate.parse(text).toEpochDay());
    } else if (type instanceof TimestampType) {
      return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text));
    } else if (type instanceof StringType) {
      return UTF8String.fromString(text);
    }
    return null; // a float has values that are not equal to themselves
  }
}
