// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

/** On the class path of these tests, as a module is. */
public final class TestProvider implements OptionProvider {
  static final Option<Boolean> OPTION =
      Option.of("spark.letsdata.test.here", OptionType.flag())
          .describedAs("H.")
          .withDefault("true");

  @Override
  public OptionSet options() {
    return OptionSet.of(OPTION);
  }
}
