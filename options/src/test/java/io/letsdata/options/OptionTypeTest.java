// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionTypeTest {
  enum Mode {
    AUTO,
    LOCAL_STACK,
    SSE_S3
  }

  private record Point(int x) {
    static Point parse(String text) {
      if (!text.startsWith("p")) {
        throw new IllegalArgumentException("no point");
      }
      return new Point(Integer.parseInt(text.substring(1)));
    }
  }

  private static <T> T parse(OptionType<T> type, String text) {
    return Option.of("spark.letsdata.x", type)
        .describedAs("X.")
        .withoutDefault("")
        .parse(text)
        .orElseThrow();
  }

  private static void assertRefused(OptionType<?> type, String text, String rule) {
    assertThatThrownBy(() -> parse(type, text))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage("Invalid value for spark.letsdata.x: '" + text + "' (" + rule + ")");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "12b, 12",
    "64k, 65536",
    "64KB, 65536",
    "8m, 8388608",
    "' 8 M ', 8388608",
    "1g, 1073741824",
    "1gb, 1073741824",
    "2t, 2199023255552"
  })
  void sizesArePowersOf1024AndPlainNumbersAreBytes(String text, long bytes) {
    assertThat(parse(OptionType.bytes(0, Long.MAX_VALUE), text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "many", "8 apples", "-1", "1.5m", "8mm", "99999999999999999999", "9999999t"})
  void textThatIsNoSizeIsRefusedWithAnExample(String text) {
    assertRefused(OptionType.bytes(0, Long.MAX_VALUE), text, "must be a size, such as 8m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4m", "2g"})
  void sizeOutOfRangeIsRefusedWithBothSpellingsOfTheRange(String text) {
    assertRefused(
        OptionType.bytes(5 << 20, 1 << 30),
        text,
        "must be between 5242880 and 1073741824 bytes: 5m to 1g");
  }

  @Test
  void boundsOfARangeAreAllowed() {
    OptionType<Long> type = OptionType.bytes(5 << 20, 1 << 30);

    assertThat(parse(type, "5m")).isEqualTo(5 << 20);
    assertThat(parse(type, "1g")).isEqualTo(1 << 30);
  }

  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "0s, PT0S",
    "30s, PT30S",
    "5m, PT5M",
    "5min, PT5M",
    "' 12 H ', PT12H",
    "3d, PT72H"
  })
  void durationsHaveAUnit(String text, Duration duration) {
    assertThat(parse(OptionType.duration(Duration.ZERO, Duration.ofDays(9)), text))
        .isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "soon", "5x", "-1s", "1.5s", "9999999999999s"})
  void textThatIsNoDurationIsRefusedWithExamples(String text) {
    assertRefused(
        OptionType.duration(Duration.ZERO, Duration.ofDays(9)),
        text,
        "must be like 250ms, 30s or 5m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"999ms", "901s", "999999999999d"})
  void durationOutOfRangeIsRefused(String text) {
    assertRefused(
        OptionType.duration(Duration.ofSeconds(1), Duration.ofSeconds(900)),
        text,
        "must be between 1s and 15m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "257", "", "many", "1.0", "99999999999999999999"})
  void wholeNumberOutOfRangeIsRefused(String text) {
    assertThat(parse(OptionType.integer(1, 256), " 256 ")).isEqualTo(256);
    assertRefused(OptionType.integer(1, 256), text, "must be between 1 and 256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "many"})
  void wholeNumberWithoutUpperLimitNamesTheLowerOne(String text) {
    assertThat(parse(OptionType.whole(1, Long.MAX_VALUE), "123456789012")).isEqualTo(123456789012L);
    assertRefused(
        OptionType.whole(1, Long.MAX_VALUE), text, "must be a whole number of at least 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.11", "1e-2", "-0.01", "NaN", "", ".1"})
  void shareOutOfRangeIsRefused(String text) {
    assertThat(parse(OptionType.decimal(0, 0.1), " 0.1 ")).isEqualTo(0.1);
    assertRefused(OptionType.decimal(0, 0.1), text, "must be between 0 and 0.1");
  }

  @Test
  void flagIsTrueOrFalse() {
    assertThat(parse(OptionType.flag(), "true")).isTrue();
    assertThat(parse(OptionType.flag(), " False ")).isFalse();
    assertRefused(OptionType.flag(), "yes", "must be true or false");
  }

  @Test
  void constantsAreReadInKebabCase() {
    OptionType<Mode> type = OptionType.oneOf(Mode.class);

    assertThat(parse(type, "local-stack")).isEqualTo(Mode.LOCAL_STACK);
    assertThat(parse(type, " SSE-S3 ")).isEqualTo(Mode.SSE_S3);
    assertThat(OptionType.textOf(Mode.LOCAL_STACK)).isEqualTo("local-stack");
    assertRefused(type, "x", "must be auto, local-stack or sse-s3");
    assertRefused(
        type, "localstack", "must be auto, local-stack or sse-s3; did you mean 'local-stack'?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:9000", "not a url", "ftp://host", ""})
  void endpointIsAWebAddressWithoutIdentity(String text) {
    assertThat(parse(OptionType.endpoint(), "http://localhost:9000"))
        .isEqualTo(URI.create("http://localhost:9000"));
    assertRefused(OptionType.endpoint(), text, "must be http://host:port or https://host");
  }

  @Test
  void identityInAnEndpointIsRefusedWithoutRepeatingIt() {
    assertThatThrownBy(() -> parse(OptionType.endpoint(), "http://user:password@host"))
        .hasMessage(
            "Invalid value for spark.letsdata.x: 'http://***@host' (must be http://host:port or https://host)");
    assertThatThrownBy(() -> parse(OptionType.endpoint(), "http://user:pass/word@host"))
        .hasMessage(
            "Invalid value for spark.letsdata.x: 'http://***@host' (must be http://host:port or https://host)");
  }

  @Test
  void freeTextIsKeptAsItIsAndMustNotBeBlank() {
    assertThat(parse(OptionType.text(), " a b ")).isEqualTo(" a b ");
    assertRefused(OptionType.text(), " ", "must not be blank");
    assertThat(parse(OptionType.textOrNothing(), "")).isEmpty();
  }

  @Test
  void textOfAPatternMatchesAsAWhole() {
    OptionType<String> type = OptionType.matching(Pattern.compile("[a-z]+"), "must be letters");

    assertThat(parse(type, " abc ")).isEqualTo("abc");
    assertRefused(type, "abc1", "must be letters");
  }

  @Test
  void valueOfAnotherModuleIsParsedByIt() {
    OptionType<Point> type = OptionType.parsed(Point::parse, "must be p<number>");

    assertThat(parse(type, " p3 ")).isEqualTo(new Point(3));
    assertRefused(type, "3", "must be p<number>");
    assertThatThrownBy(() -> parse(type, "3")).hasRootCauseMessage("no point");
  }
}
