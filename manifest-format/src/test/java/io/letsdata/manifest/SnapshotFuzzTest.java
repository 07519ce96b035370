// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random manifests survive the round trip; random damage is either harmless or a ManifestException.
 */
class SnapshotFuzzTest {
  private long seed;
  private Random random = new Random();

  @BeforeEach
  void newSeed() {
    seed = Long.getLong("letsdata.test.seed", System.nanoTime());
    random = new Random(seed);
    System.out.println("-Dletsdata.test.seed=" + seed);
  }

  @Test
  void everyManifestIsReadBackFromItsBytes() throws Exception {
    for (int i = 0; i < 500; i++) {
      Snapshot manifest = manifest();

      byte[] bytes = Manifests.toBytes(manifest);

      assertThat(Manifests.parse(bytes, "m")).as("seed %d", seed).isEqualTo(manifest);
      assertThat(Manifests.toBytes((Snapshot) Manifests.parse(bytes, "m"))).isEqualTo(bytes);
    }
  }

  @Test
  void damagedBytesCauseOnlyManifestExceptions() {
    byte[] whole = Manifests.toBytes(SnapshotTest.SMALL);
    for (int i = 0; i < 5000; i++) {
      byte[] damaged = whole.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(Manifests.parse(damaged, "m")).isNotNull();
      } catch (ManifestException e) {
        assertThat(e).as("seed %d", seed).hasMessageStartingWith("Cannot read manifest m: ");
      }
    }
  }

  private Snapshot manifest() {
    List<ManifestEntry> files = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      Map<String, ColumnStats> stats = new HashMap<>();
      for (int c = random.nextInt(3); c > 0; c--) {
        stats.put(text() + c, new ColumnStats(number(), maybe(text()), maybe(text())));
      }
      files.add(
          new ManifestEntry("s3://b/" + text() + i, number(), maybe("e" + i), number(), stats));
    }
    return Snapshot.of(
        "id" + text(),
        1 + (random.nextLong() >>> 2),
        "csv",
        maybe("{\"type\":\"struct\",\"fields\":[[1,2],{}]}"),
        Map.of("k" + text(), text()),
        files);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          new int[] {'a', '/', ' ', '"', '\\', '\n', 0xE9, 0x4E2D, 0x1F600}[random.nextInt(9)]);
    }
    return text.toString();
  }

  private OptionalLong number() {
    return random.nextBoolean() ? OptionalLong.of(random.nextLong() >>> 1) : OptionalLong.empty();
  }

  private Optional<String> maybe(String value) {
    return random.nextBoolean() ? Optional.of(value) : Optional.empty();
  }
}
