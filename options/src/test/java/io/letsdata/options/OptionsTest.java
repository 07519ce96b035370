// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OptionsTest {
  private static final Option<Integer> LIMIT =
      Option.of("spark.letsdata.s3.limit", OptionType.integer(1, 100))
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs("A limit.")
          .withDefault("3");
  private static final Option<Integer> SLOTS =
      Option.of("spark.letsdata.lambda.slots", OptionType.integer(1, 100))
          .renamedFrom("spark.letsdata.lambda.places")
          .describedAs("Slots.")
          .withDefault("8");
  private static final Option<Optional<String>> REGION =
      Option.of("spark.letsdata.s3.region", OptionType.text())
          .describedAs("A region.")
          .withoutDefault("none");
  private static final Option<Optional<String>> MANIFEST_TEXT =
      Option.of("manifest-text", OptionType.text())
          .blankMeansAbsent()
          .describedAs("The manifest.")
          .withoutDefault("none");

  private static Options options(Map<String, String> session, Map<String, String> own) {
    return Options.ofSession(session).withOptions(own);
  }

  @Test
  void optionWinsOverSessionAndSessionOverDefault() {
    Map<String, String> session = Map.of("spark.letsdata.s3.limit", "20");
    Map<String, String> own = Map.of("spark.letsdata.s3.limit", "30");

    assertThat(options(session, own).get(LIMIT)).isEqualTo(30);
    assertThat(options(session, Map.of()).get(LIMIT)).isEqualTo(20);
    assertThat(options(Map.of(), own).get(LIMIT)).isEqualTo(30);
    assertThat(options(Map.of(), Map.of()).get(LIMIT)).isEqualTo(3);
    assertThat(Options.ofSession(session).get(LIMIT)).isEqualTo(20);
  }

  @Test
  void optionCountsOnlyWhereItMayBeSet() {
    assertThat(options(Map.of(), Map.of("spark.letsdata.lambda.slots", "9")).get(SLOTS))
        .isEqualTo(8);
    assertThat(options(Map.of("manifest-text", "x"), Map.of()).get(MANIFEST_TEXT)).isEmpty();
  }

  @Test
  void namesOfOptionsAreComparedWithoutCaseAndDashes() {
    assertThat(options(Map.of(), Map.of("manifestText", "m")).get(MANIFEST_TEXT)).contains("m");
    assertThat(options(Map.of(), Map.of("SPARK.letsdata.s3.Limit", "7")).get(LIMIT)).isEqualTo(7);
    assertThatThrownBy(() -> options(Map.of(), Map.of("manifestText", "m", "manifest-text", "n")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "manifest-text and manifestText are the same option and both are set. Unset one.");
  }

  @Test
  void keysOfASessionAreExact() {
    assertThat(options(Map.of("spark.letsdata.s3.Limit", "7"), Map.of()).get(LIMIT)).isEqualTo(3);
  }

  @Test
  void absentValueWithoutDefaultIsEmpty() {
    assertThat(Options.ofSession(Map.of()).get(REGION)).isEmpty();
    assertThat(Options.ofSession(Map.of()).isSet(REGION)).isFalse();
    assertThat(Options.ofSession(Map.of(REGION.key(), "eu-west-1")).get(REGION))
        .contains("eu-west-1");
  }

  @Test
  void blankIsAValueUnlessTheOptionTakesItForAbsent() {
    assertThat(options(Map.of(), Map.of("manifest-text", " ")).get(MANIFEST_TEXT)).isEmpty();
    assertThatThrownBy(() -> Options.ofSession(Map.of(LIMIT.key(), "")).get(LIMIT))
        .hasMessage("Invalid value for spark.letsdata.s3.limit: '' (must be between 1 and 100)");
  }

  @Test
  void formerKeyIsStillReadButNotBesideTheNewOne() {
    assertThat(Options.ofSession(Map.of("spark.letsdata.lambda.places", "9")).get(SLOTS))
        .isEqualTo(9);
    assertThatThrownBy(
            () ->
                Options.ofSession(Map.of("spark.letsdata.lambda.places", "9", SLOTS.key(), "9"))
                    .get(SLOTS))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "spark.letsdata.lambda.places and spark.letsdata.lambda.slots are the same option and both are set. Unset one.");
  }

  @Test
  void wrongValueIsAUsersErrorThatNamesTheOption() {
    Option<Long> version =
        Option.of("version", OptionType.whole(1, Long.MAX_VALUE))
            .describedAs("A version.")
            .withDefault("1");

    assertThatThrownBy(() -> options(Map.of(), Map.of("version", "0")).get(version))
        .isInstanceOf(UserErrorException.class)
        .isInstanceOfSatisfying(
            InvalidOptionException.class, e -> assertThat(e.key()).isEqualTo("version"))
        .hasMessage("Invalid value for option version: '0' (must be a whole number of at least 1)");
  }

  @Test
  void valueThatAnotherOptionRulesOutHasTheSameMessage() {
    assertThat(REGION.invalid("x", "must be unset without a bucket"))
        .hasMessage(
            "Invalid value for spark.letsdata.s3.region: 'x' (must be unset without a bucket)");
  }
}
