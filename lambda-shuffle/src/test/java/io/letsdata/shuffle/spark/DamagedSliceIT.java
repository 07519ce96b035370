// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.shuffle.spark.offsets.TrackedOutputs;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Tuple2;

/**
 * Segments above the request size reach decoders, and the user's code, before they are verified.
 */
final class DamagedSliceIT {
  private static final int MAPS = 3;
  private static final int ROWS = 24;
  private static final long EXPECTED_SUM =
      IntStream.range(0, ROWS).mapToLong(i -> new Tuple2<>(i, text(i)).hashCode()).sum();

  @ParameterizedTest
  @ValueSource(strings = {"lz4", "zstd"})
  void decoderThatFailsOverDamageCausesOneMapToBeRecomputed(String codec) throws IOException {
    try (ShuffleHarness harness = harness(Map.of("spark.io.compression.codec", codec))) {
      JavaPairRDD<Integer, String> shuffled = shuffled(harness);
      assertThat(sum(shuffled)).isEqualTo(EXPECTED_SUM);
      assertThat(harness.committed).hasSize(MAPS);

      for (double where : new double[] {0, 0.1, 1}) {
        Victim victim = new Victim(harness, 1);
        assertThat(victim.segment.lengthBytes()).isGreaterThan(2 << 20);
        victim.flip(where);

        assertThat(sum(shuffled)).as("flipped at %s", where).isEqualTo(EXPECTED_SUM);
        victim.assertMadeAgainAlone();
      }
      Victim victim = new Victim(harness, 2);
      victim.truncate();
      assertThat(sum(shuffled)).isEqualTo(EXPECTED_SUM);
      victim.assertMadeAgainAlone();
    }
  }

  @Test
  void rowsOfDamagedBytesCountForNothingThoughNoDecoderMinds() throws IOException {
    try (ShuffleHarness harness = harness(Map.of("spark.shuffle.compress", "false"))) {
      JavaPairRDD<Integer, String> shuffled = shuffled(harness);
      assertThat(sum(shuffled)).isEqualTo(EXPECTED_SUM);

      // The task stops in the first slice, the damage is in the last one.
      Victim unread = new Victim(harness, 0);
      unread.flip(1);
      assertThat(shuffled.take(1)).hasSize(1);
      unread.assertMadeAgainAlone();

      // The user's code fails over a row that nobody wrote.
      Victim misread = new Victim(harness, 1);
      misread.flip(0.1);
      shuffled.foreach(DamagedSliceIT::requireRow);
      misread.assertMadeAgainAlone();
    }
  }

  private static ShuffleHarness harness(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("spark.letsdata.shuffle.fetch-bytes-in-flight", "1m"); // slices of 512 KiB
    return new ShuffleHarness(Offsets.TABLE, all);
  }

  private static JavaPairRDD<Integer, String> shuffled(ShuffleHarness harness) {
    return harness
        .context()
        .parallelize(IntStream.range(0, ROWS).boxed().toList(), MAPS)
        .mapToPair(i -> new Tuple2<>(i, text(i)))
        .partitionBy(new HashPartitioner(1));
  }

  private static long sum(JavaPairRDD<Integer, String> rows) {
    return rows.map(row -> (long) row.hashCode()).reduce(Long::sum);
  }

  private static void requireRow(Tuple2<Integer, String> row) {
    if (!row._2().equals(text(row._1()))) {
      throw new IllegalStateException("Nobody wrote row " + row._1() + ".");
    }
  }

  /** Text that codecs shorten to three quarters at best. */
  private static String text(int seed) {
    byte[] text = new byte[512 << 10];
    new Random(seed).nextBytes(text);
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('0' + (text[i] & 63));
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** The object of one map output as it is now. */
  private static final class Victim {
    private final ShuffleHarness harness;
    private final int mapIndex;
    private final MapRef map;
    private final int committedBefore;
    private final ObjectLocation object;
    final Segment segment;

    Victim(ShuffleHarness harness, int mapIndex) {
      this.harness = harness;
      this.mapIndex = mapIndex;
      this.map = TrackedOutputs.of(0).get(mapIndex);
      this.committedBefore = harness.committed.size();
      this.object = new ShuffleLayout(harness.root()).dataLocation(0, map);
      this.segment =
          harness.committed.stream()
              .filter(output -> output.ref().equals(map))
              .map(output -> output.segments(0, 1))
              .findFirst()
              .orElseThrow()
              .get(0);
    }

    /** One bit, so far from the first byte (0) to the last (1). */
    void flip(double where) throws IOException {
      byte[] bytes = harness.memory.read(object);
      bytes[(int) (where * (segment.lengthBytes() - 1))] ^= 1;
      harness.memory.put(object, ObjectContent.of(bytes));
    }

    void truncate() throws IOException {
      byte[] bytes = harness.memory.read(object);
      harness.memory.put(object, ObjectContent.of(bytes, 0, bytes.length / 2));
    }

    void assertMadeAgainAlone() {
      assertThat(harness.committed).hasSize(committedBefore + 1);
      assertThat(TrackedOutputs.of(0).get(mapIndex)).isNotEqualTo(map);
    }
  }
}
