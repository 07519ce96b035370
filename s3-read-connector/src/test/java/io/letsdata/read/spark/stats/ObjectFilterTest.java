// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.manifest.ColumnStats;
import io.letsdata.manifest.ManifestEntry;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
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
import org.apache.spark.sql.sources.Not;
import org.apache.spark.sql.sources.Or;
import org.apache.spark.sql.sources.StringStartsWith;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects that have no row for a filter. */
class ObjectFilterTest {
  private static StructType schema(String ddl) {
    return StructType.fromDDL(ddl);
  }

  private static ManifestEntry object(
      long rows, String column, long nulls, Optional<String> min, Optional<String> max) {
    return new ManifestEntry(
        "s3://b/k",
        OptionalLong.of(1),
        Optional.of("e"),
        OptionalLong.of(rows),
        Map.of(column, new ColumnStats(OptionalLong.of(nulls), min, max)));
  }

  private static boolean mayMatch(String type, String min, String max, Filter filter) {
    StatedStatistics statistics = StatedStatistics.of(schema("c " + type), schema("c " + type));
    return new ObjectFilter(statistics)
        .mayMatch(filter, statistics.of(object(3, "c", 0, Optional.of(min), Optional.of(max))));
  }

  @ParameterizedTest
  @CsvSource({
    "tinyint,1,3",
    "smallint,1,3",
    "int,1,3",
    "bigint,1,3",
    "'decimal(9,2)',1.50,3.25",
    "string,b,d"
  })
  void valueOutsideTheBoundsLeavesTheObjectOut(String type, String min, String max) {
    List<Object> values =
        switch (type) {
          case "tinyint" -> List.of((byte) 0, (byte) 1, (byte) 4);
          case "smallint" -> List.of((short) 0, (short) 1, (short) 4);
          case "int" -> List.of(0, 1, 4);
          case "bigint" -> List.of(0L, 1L, 4L);
          case "string" -> List.of("a", "b", "e");
          default -> List.of(new BigDecimal("1.49"), new BigDecimal("1.50"), new BigDecimal("4"));
        };
    assertThat(values.stream().map(v -> mayMatch(type, min, max, new EqualTo("c", v))))
        .containsExactly(false, true, false);
    assertThat(values.stream().map(v -> mayMatch(type, min, max, new LessThan("c", v))))
        .containsExactly(false, false, true);
    assertThat(values.stream().map(v -> mayMatch(type, min, max, new LessThanOrEqual("c", v))))
        .containsExactly(false, true, true);
    assertThat(mayMatch(type, min, max, new GreaterThan("c", values.get(2)))).isFalse();
    assertThat(mayMatch(type, min, max, new GreaterThanOrEqual("c", values.get(1)))).isTrue();
    assertThat(mayMatch(type, min, max, new In("c", new Object[] {values.get(0), values.get(2)})))
        .isFalse();
  }

  @Test
  void datesAndTimestampsCompareAsInstants() {
    assertThat(
            mayMatch(
                "date", "2024-01-02", "2024-01-05", new EqualTo("c", Date.valueOf("2024-01-06"))))
        .isFalse();
    assertThat(
            mayMatch(
                "date", "2024-01-02", "2024-01-05", new EqualTo("c", Date.valueOf("2024-01-05"))))
        .isTrue();
    Timestamp noon = Timestamp.from(Instant.parse("2024-01-02T12:00:00.000001Z"));
    assertThat(
            mayMatch(
                "timestamp",
                "2024-01-02T11:00:00Z",
                "2024-01-02T12:00:00Z",
                new GreaterThanOrEqual("c", noon)))
        .isFalse();
  }

  @Test
  void prefixOutsideTheBoundsLeavesTheObjectOut() {
    assertThat(mayMatch("string", "bb", "cc", new StringStartsWith("c", "b"))).isTrue();
    assertThat(mayMatch("string", "bb", "cc", new StringStartsWith("c", "a"))).isFalse();
    assertThat(mayMatch("string", "bb", "cc", new StringStartsWith("c", "cc"))).isTrue();
    assertThat(mayMatch("string", "bb", "cc", new StringStartsWith("c", "cca"))).isFalse();
  }

  @Test
  void columnWithoutStatisticsOrWithAnotherTypeLeavesNothingOut() {
    ManifestEntry object = object(3, "c", 0, Optional.of("5"), Optional.of("40"));
    StatedStatistics other = StatedStatistics.of(schema("c int"), schema("c string"));

    assertThat(new ObjectFilter(other).mayMatch(new EqualTo("c", "9"), other.of(object))).isTrue();
    assertThat(mayMatch("int", "x", "y", new EqualTo("c", 9))).isTrue();
    assertThat(mayMatch("int", "1", "3", new EqualTo("d", 9))).isTrue();
    assertThat(mayMatch("int", "1", "3", new Not(new EqualTo("c", 2)))).isTrue();
    assertThat(mayMatch("double", "1", "3", new EqualTo("c", 9.0))).isTrue();
  }

  @Test
  void objectWithARowThatMatchesIsNeverLeftOut() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    StatedStatistics statistics = StatedStatistics.of(schema("c int"), schema("c int"));
    ObjectFilter filter = new ObjectFilter(statistics);
    int leftOut = 0;
    for (int round = 0; round < 20_000; round++) {
      List<Integer> rows = new ArrayList<>();
      int low = random.nextInt(10);
      for (int i = random.nextInt(4); i >= 0; i--) {
        rows.add(random.nextInt(3) == 0 ? null : low + random.nextInt(3));
      }
      Filter tested = filter(random, 2);
      List<Integer> values = rows.stream().filter(Objects::nonNull).sorted().toList();
      boolean bounded = !values.isEmpty();
      ManifestEntry object =
          object(
              rows.size(),
              "c",
              rows.size() - values.size(),
              bounded ? Optional.of(values.get(0).toString()) : Optional.empty(),
              bounded ? Optional.of(values.get(values.size() - 1).toString()) : Optional.empty());
      boolean matches = rows.stream().anyMatch(row -> Boolean.TRUE.equals(evaluate(tested, row)));
      boolean mayMatch = filter.mayMatch(tested, statistics.of(object));
      leftOut += mayMatch ? 0 : 1;
      assertThat(mayMatch || !matches).as("seed %s: %s of %s", seed, tested, rows).isTrue();
    }
    assertThat(leftOut).isGreaterThan(2_000);
  }

  private static Filter filter(Random random, int depth) {
    int value = random.nextInt(14);
    return switch (random.nextInt(depth == 0 ? 9 : 12)) {
      case 0 -> new EqualTo("c", value);
      case 1 -> new EqualNullSafe("c", random.nextBoolean() ? value : null);
      case 2 -> new GreaterThan("c", value);
      case 3 -> new GreaterThanOrEqual("c", value);
      case 4 -> new LessThan("c", value);
      case 5 -> new LessThanOrEqual("c", value);
      case 6 -> new In("c", new Object[] {value, value + 2, null});
      case 7 -> new IsNull("c");
      case 8 -> new IsNotNull("c");
      case 9 -> new And(filter(random, depth - 1), filter(random, depth - 1));
      case 10 -> new Or(filter(random, depth - 1), filter(random, depth - 1));
      default -> new Not(filter(random, depth - 1));
    };
  }

  /** SQL's three values: null is unknown. */
  private static @Nullable Boolean evaluate(Filter filter, @Nullable Integer row) {
    if (filter instanceof IsNull) {
      return row == null;
    } else if (filter instanceof IsNotNull) {
      return row != null;
    } else if (filter instanceof EqualNullSafe equal) {
      return Objects.equals(row, equal.value());
    } else if (filter instanceof And and) {
      Boolean left = evaluate(and.left(), row);
      Boolean right = evaluate(and.right(), row);
      return (Boolean.FALSE.equals(left) || Boolean.FALSE.equals(right))
          ? Boolean.FALSE
          : (left == null || right == null) ? null : Boolean.TRUE;
    } else if (filter instanceof Or or) {
      Boolean left = evaluate(or.left(), row);
      Boolean right = evaluate(or.right(), row);
      return (Boolean.TRUE.equals(left) || Boolean.TRUE.equals(right))
          ? Boolean.TRUE
          : (left == null || right == null) ? null : Boolean.FALSE;
    } else if (filter instanceof Not not) {
      Boolean child = evaluate(not.child(), row);
      return child == null ? null : !child;
    } else if (row == null) {
      return null;
    } else if (filter instanceof EqualTo equal) {
      return row.equals(equal.value());
    } else if (filter instanceof GreaterThan greater) {
      return row > (Integer) greater.value();
    } else if (filter instanceof GreaterThanOrEqual greater) {
      return row >= (Integer) greater.value();
    } else if (filter instanceof LessThan less) {
      return row < (Integer) less.value();
    } else if (filter instanceof LessThanOrEqual less) {
      return row <= (Integer) less.value();
    }
    Object[] values = ((In) filter).values();
    return List.of(values[0], values[1]).contains(row) ? Boolean.TRUE : null;
  }
}
