// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.Samples;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShuffleLayoutTest {
  @Test
  void keyNamesShuffleMapAndNonceBehindAHash() {
    assertThat(Samples.LAYOUT.dataLocation(3, 14, "abc").toString())
        .isEqualTo("s3://test/run/shuffle/4c/3-14-abc");
  }

  @Test
  void keysSpreadOverAllPrefixes() {
    long prefixes =
        IntStream.range(0, 5_000)
            .mapToObj(map -> Samples.LAYOUT.dataLocation(0, map, "abc").key().substring(0, 15))
            .distinct()
            .count();

    assertThat(prefixes).isEqualTo(256);
  }
}
