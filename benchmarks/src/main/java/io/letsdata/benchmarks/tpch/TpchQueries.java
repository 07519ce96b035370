// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.tpch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** TPC-H's 22 queries with its validation's parameters, and answers from another engine. */
public final class TpchQueries {
  /** How many queries. */
  public static final int COUNT = 22;

  /** The scale that {@link #answers} holds for. */
  public static final double ANSWERED_SCALE = 0.01;

  private TpchQueries() {}

  /** Spark SQL of a query, numbered from 1. */
  public static String sql(int query) {
    return resource("/tpch/q%02d.sql".formatted(query));
  }

  /** Rows that the generator's jar brings along, in order; decimals are rounded, cells are text. */
  public static List<List<String>> answers(int query) {
    return resource("/io/trino/tpch/queries/q" + query + ".result")
        .lines()
        .filter(line -> !line.startsWith("--") && !line.isBlank())
        .map(line -> line.endsWith("|") ? line.substring(0, line.length() - 1) : line)
        .map(line -> List.of(line.split("\\|", -1)))
        .toList();
  }

  /** Whether a row says what an answer says, to the digits that both give. */
  public static boolean agree(Row row, List<String> answer) {
    return row.size() == answer.size()
        && IntStream.range(0, row.size()).allMatch(i -> agree(row.get(i), answer.get(i).strip()));
  }

  private static boolean agree(@Nullable Object value, String answer) {
    if (value instanceof BigDecimal decimal) {
      BigDecimal expected = new BigDecimal(answer);
      int digits = Math.min(decimal.scale(), expected.scale());
      return rounded(decimal, digits).compareTo(rounded(expected, digits)) == 0;
    }
    return Objects.toString(value).strip().equals(answer);
  }

  private static BigDecimal rounded(BigDecimal value, int digits) {
    return value.setScale(digits, RoundingMode.HALF_UP);
  }

  private static String resource(String name) {
    try (InputStream in = TpchQueries.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("No " + name + " on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
