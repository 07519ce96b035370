// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.manifest.ManifestEntry;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InferenceSampleTest {
  @Test
  void sampleIsSpreadFromTheFirstToTheLastObject() {
    assertThat(numbers(sample(9, 4).spread())).containsExactly(1, 4, 6, 9);
    assertThat(numbers(sample(9, 1).spread())).containsExactly(1);
    assertThat(numbers(sample(9, 2).spread())).containsExactly(1, 9);
    assertThat(numbers(sample(3, 8).spread())).containsExactly(1, 2, 3);
    assertThat(numbers(sample(5_000, 8).spread())).hasSize(8).startsWith(1).endsWith(5_000);
    assertThat(sample(0, 8).spread()).isEmpty();
  }

  @Test
  void everyCountGivesThatManyDifferentObjectsInOrder() {
    for (int objects = 1; objects < 40; objects++) {
      for (int limit = 1; limit < 45; limit++) {
        assertThat(numbers(sample(objects, limit).spread()))
            .as("%s of %s", limit, objects)
            .hasSize(Math.min(objects, limit))
            .isSorted()
            .doesNotHaveDuplicates()
            .startsWith(1);
      }
    }
  }

  @Test
  void withoutALimitEightAreReadAndAllAreMerged() {
    InferenceSample sample = new InferenceSample(objects(20), Optional.empty());

    assertThat(sample.spread()).hasSize(8);
    assertThat(numbers(sample.first())).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(sample.allUnlessLimited()).hasSize(20);
    assertThat(sample(20, 3).allUnlessLimited()).hasSize(3);
  }

  @Test
  void objectThatTheManifestStatesAsEmptyIsLeftOut() {
    ManifestEntry empty = ManifestEntry.pinned("s3://b/0", 0, "e", OptionalLong.empty());

    assertThat(new InferenceSample(List.of(empty), Optional.empty()).first()).isEmpty();
  }

  private static InferenceSample sample(int objects, long limit) {
    return new InferenceSample(objects(objects), Optional.of(limit));
  }

  private static List<ManifestEntry> objects(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> ManifestEntry.of("s3://b/" + i)).toList();
  }

  private static List<Integer> numbers(List<ManifestEntry> entries) {
    return entries.stream().map(entry -> Integer.valueOf(entry.key())).toList();
  }
}
