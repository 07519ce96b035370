// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.UserErrorException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagSplitterTest {
  private static final String SETTING = "spark.driver.extraJavaOptions";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          -Da=1  -Db=2       | -Da=1, -Db=2
          -Da="b c" -Dd      | -Da=b c, -Dd
          '-Da=b c'          | -Da=b c
          -Da=b\\ c           | -Da=b c
          -Da='b\\c'          | -Da=b\\c
          -Da="b'c"          | -Da=b'c
          -Da="b\\"c"         | -Da=b"c
          """)
  void flagsAreSplitAsAShellDoes(String value, String flags) {
    assertThat(String.join(", ", FlagSplitter.of(SETTING, value))).isEqualTo(flags);
  }

  @Test
  void quotesWithoutContentAreAnEmptyFlag() {
    assertThat(FlagSplitter.of(SETTING, " \"\" ")).isEqualTo(List.of(""));
    assertThat(FlagSplitter.of(SETTING, "  ")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Dsecret='x", "-Dsecret=\"x", "-Dsecret=x\\"})
  void openQuoteIsRefusedWithoutTheValue(String value) {
    assertThatThrownBy(() -> FlagSplitter.of(SETTING, value))
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "Cannot start the driver: spark.driver.extraJavaOptions ends inside a quote or after a"
                + " backslash. Close the quote.");
  }
}
