// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

/** Named only in the service file of a loader below that of these tests. */
public final class AddedProvider implements OptionProvider {
  static final Option<Boolean> OPTION =
      Option.of("spark.letsdata.test.added", OptionType.flag())
          .describedAs("A.")
          .withDefault("true");

  @Override
  public OptionSet options() {
    return OptionSet.of(OPTION);
  }
}
