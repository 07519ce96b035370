// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.Forgery;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.shuffle.spark.offsets.TrackedOutputs;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.Tuple2;

/**
 * Someone who may write to the bucket replaces map outputs between two jobs: by the serialized form
 * of a class, with right lengths and checksums, and by another map's object. The output is lost and
 * made again; the class is not loaded.
 */
final class ForgedOutputIT {
  private static final int MAPS = 4;
  private static final int ROWS = 24;

  /** Counts how often it is deserialized in this process. */
  private static final class Canary implements Serializable {
    private static final long serialVersionUID = 1L;
    static final AtomicInteger LOADED = new AtomicInteger();

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      LOADED.incrementAndGet();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TABLE", "FOOTERS", "REGISTRY", "STORED", "MERGED"})
  void forgedOutputIsMadeAgainAndNoClassOfItIsLoaded(Offsets offsets) throws IOException {
    assertForgeryIsFound(offsets, 1 << 10, Map.of());
  }

  @Test
  void forgedOutputOfTheSortWriterIsMadeAgain() throws IOException {
    assertForgeryIsFound(
        Offsets.TABLE, 1 << 10, Map.of("spark.shuffle.sort.bypassMergeThreshold", "1"));
  }

  @Test
  void noByteOfAForgedSliceIsDecoded() throws IOException {
    assertForgeryIsFound(
        Offsets.TABLE,
        512 << 10,
        Map.of("spark.letsdata.shuffle.fetch-bytes-in-flight", "1m")); // slices of 512 KiB
  }

  @Test
  void objectOfAnotherMapWithRightChecksumsIsMadeAgain() throws IOException {
    try (ShuffleHarness harness = harness(Offsets.FOOTERS, Map.of())) {
      JavaPairRDD<Integer, String> shuffled = sameRows(harness);
      List<Tuple2<Integer, String>> expected = shuffled.collect();
      ShuffleLayout layout = new ShuffleLayout(harness.root());
      List<MapRef> before = TrackedOutputs.of(0);

      // Same lengths: the other's segments lie where this one's did.
      byte[] own = harness.memory.read(layout.dataLocation(0, before.get(0)));
      byte[] other = harness.memory.read(layout.dataLocation(0, before.get(1)));
      assertThat(other).hasSameSizeAs(own);
      byte[] segments = Forgery.withSegmentsOf(own, 2, other);
      harness.memory.put(layout.dataLocation(0, before.get(0)), ObjectContent.of(segments));

      assertThat(shuffled.collect()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(harness.committed).hasSize(2 + 1);
      assertThat(TrackedOutputs.of(0)).doesNotContain(before.get(0)).contains(before.get(1));
    }
  }

  private static void assertForgeryIsFound(
      Offsets offsets, int rowBytes, Map<String, String> settings) throws IOException {
    Canary.LOADED.set(0);
    try (ShuffleHarness harness = harness(offsets, settings)) {
      JavaPairRDD<Integer, String> shuffled =
          harness
              .context()
              .parallelize(IntStream.range(0, ROWS).boxed().toList(), MAPS)
              .mapToPair(i -> new Tuple2<>(i, text(i, rowBytes)))
              .partitionBy(new HashPartitioner(2));
      long expected = sum(shuffled);
      assertThat(harness.committed).hasSize(MAPS);

      byte[] canary = canary();
      for (String key : harness.keys()) {
        if (!key.contains("-offsets-")) {
          ObjectLocation object = new ObjectLocation("test", key);
          byte[] forged = Forgery.of(harness.memory.read(object), 2, canary);
          harness.memory.put(object, ObjectContent.of(forged));
        }
      }

      assertThat(sum(shuffled)).isEqualTo(expected);
      assertThat(Canary.LOADED).hasValue(0);
      assertThat(harness.committed).hasSizeGreaterThan(MAPS);
    }
  }

  private static byte[] canary() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Canary());
    }
    return bytes.toByteArray();
  }

  /** Two map outputs of the same lengths. */
  private static JavaPairRDD<Integer, String> sameRows(ShuffleHarness harness) {
    return harness
        .context()
        .parallelize(List.of(0, 1), 2)
        .mapToPair(i -> new Tuple2<>(1, text(i, 100)))
        .partitionBy(new HashPartitioner(2));
  }

  private static long sum(JavaPairRDD<Integer, String> rows) {
    return rows.map(row -> (long) row.hashCode()).reduce(Long::sum);
  }

  private static ShuffleHarness harness(Offsets offsets, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("spark.shuffle.compress", "false");
    // Each attempt finds at least one forged output, and there are a few.
    all.put("spark.stage.maxConsecutiveAttempts", "20");
    return new ShuffleHarness(offsets, all);
  }

  private static String text(int seed, int length) {
    StringBuilder text = new StringBuilder(length);
    new Random(seed).ints(length, '0', '0' + 64).forEach(c -> text.append((char) c));
    return text.toString();
  }
}
