// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OptionSetTest {
  private static final Option<Boolean> ENDPOINT =
      Option.of("spark.letsdata.s3.endpoint", OptionType.flag())
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .renamedFrom("spark.letsdata.s3.url")
          .describedAs("E.")
          .withDefault("true");
  private static final Option<Boolean> CONCURRENCY = flag("spark.letsdata.lambda.concurrency");
  private static final Option<Boolean> NONCE =
      Option.of("spark.letsdata.run.nonce", OptionType.flag()).hidden().withDefault("true");
  private static final Option<Boolean> PER_READ =
      Option.of("spark.letsdata.read.check", OptionType.flag())
          .settableIn(OptionScope.OPTION)
          .describedAs("C.")
          .withDefault("true");
  private static final Option<Boolean> LAYOUT = flag("manifest-text");
  private static final OptionSet ALL =
      OptionSet.of(ENDPOINT, CONCURRENCY).plus(OptionSet.of(NONCE, PER_READ, LAYOUT, ENDPOINT));

  private static Option<Boolean> flag(String key) {
    return Option.of(key, OptionType.flag()).describedAs("F.").withDefault("true");
  }

  @Test
  void optionThatTwoModulesListIsInTheSetOnce() {
    assertThat(ALL.options()).containsExactly(ENDPOINT, CONCURRENCY, NONCE, PER_READ, LAYOUT);
    assertThat(ALL.keys()).doesNotContain(NONCE.key());
  }

  @Test
  void twoDeclarationsOfOneKeyAreABug() {
    assertThatThrownBy(() -> ALL.plus(OptionSet.of(flag("manifestText"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Two options have the key manifestText");
  }

  @Test
  void optionIsFoundWithoutRegardToCaseAndDashes() {
    assertThat(ALL.find("ManifestText")).contains(LAYOUT);
    assertThat(ALL.find("spark.letsdata.s3.url")).contains(ENDPOINT);
    assertThat(ALL.find("manifest")).isEmpty();
  }

  @Test
  void knownSettingsAndThoseOfOthersPass() {
    List<String> keys =
        List.of(
            "spark.app.name",
            "spark.letsdata",
            "spark.letsdata.s3.endpoint",
            "spark.letsdata.s3.url",
            "spark.letsdata.run.nonce");

    assertThatCode(() -> ALL.requireKnownSettings(keys)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "spark.letsdata.lambda.concurency, spark.letsdata.lambda.concurrency",
    "spark.letsdata.s3.endpiont, spark.letsdata.s3.endpoint",
    "spark.letsdata.s3.Endpoint, spark.letsdata.s3.endpoint"
  })
  void unknownSettingNamesTheNearestKnownOne(String key, String nearest) {
    assertThatThrownBy(() -> ALL.requireKnownSettings(List.of(key)))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage("Unknown setting " + key + ". The nearest known one is " + nearest + ".");
  }

  @Test
  void unknownSettingOfAnUnknownGroupMayBelongToAMissingModule() {
    OptionSet shuffleAlone = OptionSet.of(ENDPOINT);

    assertThatThrownBy(
            () -> shuffleAlone.requireKnownSettings(List.of("spark.letsdata.lambda.concurrency")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Unknown setting spark.letsdata.lambda.concurrency. The nearest known one is"
                + " spark.letsdata.s3.endpoint. No module on the class path has settings under"
                + " spark.letsdata.lambda: if the key belongs to one that is missing, add that"
                + " module or unset the key.");
    assertThatThrownBy(() -> OptionSet.of().requireKnownSettings(List.of("spark.letsdata.x")))
        .hasMessageContaining("No module here has settings.");
  }

  @Test
  void firstUnknownSettingInTheAlphabetIsNamed() {
    assertThatThrownBy(
            () -> ALL.requireKnownSettings(List.of("spark.letsdata.s3.y", "spark.letsdata.s3.x")))
        .hasMessageStartingWith("Unknown setting spark.letsdata.s3.x.");
  }

  @Test
  void unknownOptionUnderOurPrefixNamesTheNearestKnownOne() {
    assertThatCode(() -> ALL.requireKnownOptions(List.of("header", "SPARK.LETSDATA.S3.ENDPOINT")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> ALL.requireKnownOptions(List.of("spark.letsdata.s3.endpiont")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Unknown option 'spark.letsdata.s3.endpiont'. The nearest known one is spark.letsdata.s3.endpoint.");
  }

  @Test
  void optionIsRefusedWhereItHasNoEffect() {
    assertThatThrownBy(() -> ALL.requireKnownOptions(List.of(CONCURRENCY.key())))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Cannot set spark.letsdata.lambda.concurrency with .option(…): it holds for the whole session. Set it in the session's configuration.");
    assertThatThrownBy(() -> ALL.requireKnownSettings(List.of(PER_READ.key())))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage("Cannot set spark.letsdata.read.check in a session: set it with .option(…).");
  }
}
