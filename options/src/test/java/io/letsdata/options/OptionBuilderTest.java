// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionBuilderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "spark.letsdata.",
        "spark.letsdata.s3.pathStyle",
        "spark.executor.x",
        "a b",
        "-a"
      })
  void keyOfNeitherKindIsABug(String key) {
    assertThatThrownBy(() -> Option.of(key, OptionType.flag()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("'" + key + "' is no key of an option");
  }

  @Test
  void defaultThatItsTypeDoesNotAcceptIsABug() {
    OptionBuilder<Boolean> builder =
        Option.of("spark.letsdata.x", OptionType.flag()).describedAs("X.");

    assertThatThrownBy(() -> builder.withDefault("no"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The default of spark.letsdata.x is wrong: must be true or false");
  }

  @Test
  void descriptionIsRequiredOnOneLineWithAFullStop() {
    OptionBuilder<Boolean> builder = Option.of("spark.letsdata.x", OptionType.flag());

    assertThatThrownBy(() -> builder.withDefault("true"))
        .hasMessageContaining("needs a description");
    assertThatThrownBy(() -> builder.describedAs("no full stop"))
        .hasMessageContaining("ends with a full stop");
    assertThatThrownBy(() -> builder.describedAs("two\nlines."))
        .hasMessageContaining("must be one line");
  }
}
