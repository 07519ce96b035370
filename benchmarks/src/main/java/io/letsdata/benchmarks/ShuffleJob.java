// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Jobs that do little but shuffle; their records hold random bytes, so compression gains nothing.
 */
enum ShuffleJob {
  /** An SQL exchange by hash: rows of 12 longs, of which the reduce side makes an aggregate. */
  ROWS("SQL rows") {
    @Override
    Arrived run(SparkSession spark, ShuffleCase shuffle) {
      String columns =
          IntStream.range(0, 12)
              .mapToObj(i -> "xxhash64(id, " + i + "L) AS c" + i)
              .collect(Collectors.joining(", "));
      String all = IntStream.range(0, 12).mapToObj(i -> "c" + i).collect(Collectors.joining(" + "));
      Row row =
          spark
              .range(0, shuffle.records(), 1, shuffle.maps())
              .selectExpr(columns.split(", (?=xx)", -1))
              .repartition(shuffle.reducers(), col("c0"))
              .agg(expr("count(1)"), expr("bit_xor(" + all + ")"))
              .head();
      return new Arrived(row.getLong(0), row.getLong(1));
    }
  },

  /** TeraSort's: keys of 10 bytes, values of 90, by Kryo, sorted within ranges of the key. */
  SORT("TeraSort records") {
    @Override
    Arrived run(SparkSession spark, ShuffleCase shuffle) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      long each = shuffle.records() / shuffle.maps();
      List<Long> seeds = LongStream.range(0, shuffle.maps()).boxed().toList();
      Tuple2<Long, Long> sum =
          context
              .parallelize(seeds, shuffle.maps())
              .flatMapToPair(new Records(each))
              .repartitionAndSortWithinPartitions(
                  new FirstBytes(shuffle.reducers()), new UnsignedOrder())
              .mapPartitions(new Digest())
              .reduce((a, b) -> new Tuple2<>(a._1() + b._1(), a._2() ^ b._2()));
      return new Arrived(sum._1(), sum._2());
    }
  };

  private final String title;

  ShuffleJob(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Runs it and waits for its end. */
  abstract Arrived run(SparkSession spark, ShuffleCase shuffle);

  /** So many records, and what tells whether they are the right ones, in any order. */
  record Arrived(long count, long digest) {}

  private record Records(long count) implements PairFlatMapFunction<Long, byte[], byte[]> {
    @Override
    public Iterator<Tuple2<byte[], byte[]>> call(Long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      return LongStream.range(0, count)
          .mapToObj(
              i -> {
                byte[] key = new byte[10];
                byte[] value = new byte[90];
                random.nextBytes(key);
                random.nextBytes(value);
                return new Tuple2<>(key, value);
              })
          .iterator();
    }
  }

  private static final class FirstBytes extends Partitioner {
    private static final long serialVersionUID = 1;
    private final int partitions;

    FirstBytes(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object key) {
      byte[] bytes = (byte[]) key;
      int first = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
      return (first * partitions) >> 16;
    }
  }

  private static final class UnsignedOrder implements Comparator<byte[]>, Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public int compare(byte[] left, byte[] right) {
      return Arrays.compareUnsigned(left, right);
    }
  }

  private static final class Digest
      implements FlatMapFunction<Iterator<Tuple2<byte[], byte[]>>, Tuple2<Long, Long>> {
    private static final long serialVersionUID = 1;

    @Override
    public Iterator<Tuple2<Long, Long>> call(Iterator<Tuple2<byte[], byte[]>> records) {
      long count = 0;
      long digest = 0;
      byte[] last = new byte[0];
      while (records.hasNext()) {
        Tuple2<byte[], byte[]> next = records.next();
        if (Arrays.compareUnsigned(last, next._1()) > 0) {
          throw new IllegalStateException("The records are not sorted.");
        }
        last = next._1();
        count++;
        digest ^= Arrays.hashCode(last) * 31L + Arrays.hashCode(next._2());
      }
      return List.of(new Tuple2<>(count, digest)).iterator();
    }
  }
}
