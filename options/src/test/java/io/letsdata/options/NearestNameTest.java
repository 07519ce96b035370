// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestNameTest {
  @ParameterizedTest
  @CsvSource({"'', '', 0", "'', abc, 3", "kitten, sitting, 3", "sitting, kitten, 3", "ab, ba, 2"})
  void distanceCountsChanges(String a, String b, int changes) {
    assertThat(NearestName.distance(a, b)).isEqualTo(changes);
  }

  @Test
  void hintNamesANearNameAndNoFarOne() {
    assertThat(NearestName.hint("MANIFSET", List.of("path", "manifest")))
        .isEqualTo("; did you mean 'manifest'?");
    assertThat(NearestName.hint("zzzzzz", List.of("path"))).isEmpty();
    assertThat(NearestName.hint("x", List.of())).isEmpty();
  }

  @Test
  void nearestIsTheFirstOfSeveralInTheAlphabet() {
    assertThat(NearestName.of("c", List.of("b", "a"))).contains("a");
    assertThat(NearestName.of("c", List.of())).isEmpty();
  }
}
