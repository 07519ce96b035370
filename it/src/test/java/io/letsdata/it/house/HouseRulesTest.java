// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.it.house.HouseRules.Rule;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The repository keeps its own rules. {@code HouseRules.main} prints the same breaches. */
class HouseRulesTest {
  @ParameterizedTest
  @EnumSource
  void ruleIsKept(Rule rule) throws Exception {
    assertThat(HouseRules.in(Path.of("..")).breaches(rule)).isEmpty();
  }
}
