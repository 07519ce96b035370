// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OptionTableTest {
  private static final Option<Long> SIZE =
      Option.of("spark.letsdata.shuffle.part-size", OptionType.bytes(5 << 20, 1 << 30))
          .describedAs("Length of a part.")
          .withDefault("16m");
  private static final Option<Optional<String>> TYPE =
      Option.of("type", OptionType.text())
          .describedAs("Which file of a line `WARC:a|WET:b`.")
          .withoutDefault("none");
  private static final Option<Boolean> CHECK =
      Option.of("spark.letsdata.s3.check", OptionType.flag())
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .renamedFrom("spark.letsdata.s3.test")
          .describedAs("Checks.")
          .withDefault("true");
  private static final Option<Boolean> HIDDEN =
      Option.of("spark.letsdata.x", OptionType.flag()).hidden().withDefault("true");

  private static final String TABLE =
      """
      | key | default | what it does |
      |---|---|---|
      | `spark.letsdata.shuffle.part-size` | `16m` | Length of a part. Allowed: 5m to 1g. |
      | `type` | none | Which file of a line `WARC:a\\|WET:b`. |
      | `spark.letsdata.s3.check` | `true` | Checks. Allowed: true or false. Also with `.option(…)`. Formerly `spark.letsdata.s3.test`. |
      """;

  @Test
  void eachOptionOfTheUserIsARow() {
    assertThat(OptionTable.markdown(OptionSet.of(SIZE, TYPE, CHECK, HIDDEN))).isEqualTo(TABLE);
  }

  @Test
  void sectionThatIsUpToDatePasses(@TempDir Path folder) throws Exception {
    Path page =
        Files.writeString(
            folder.resolve("README.md"),
            "a\n<!-- options:begin all -->\n" + TABLE + "<!-- options:end -->\nb\n");

    assertThatCode(() -> GeneratedSection.compare(page, "all", TABLE)).doesNotThrowAnyException();
  }

  @Test
  void sectionThatDiffersIsNamedWithTheCommandThatCorrectsIt(@TempDir Path folder)
      throws Exception {
    Path page =
        Files.writeString(
            folder.resolve("README.md"), "<!-- options:begin all -->\nold\n<!-- options:end -->");

    assertThatThrownBy(() -> GeneratedSection.compare(page, "all", TABLE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("options:begin all")
        .hasMessageContaining(page.toString())
        .hasMessageContaining("-Dletsdata.tables=write");
  }

  @Test
  void writtenSectionPassesAfterwards(@TempDir Path folder) throws Exception {
    Path page =
        Files.writeString(
            folder.resolve("README.md"), "<!-- options:begin all -->\nold\n<!-- options:end -->");

    GeneratedSection.write(page, "all", TABLE);

    assertThatCode(() -> GeneratedSection.compare(page, "all", TABLE)).doesNotThrowAnyException();
  }

  @Test
  void onlyTheNamedSectionIsReplaced() {
    String text =
        "a\n<!-- options:begin x -->\nx\n<!-- options:end -->\n<!-- options:begin y -->\ny\n<!-- options:end -->\nb";

    assertThat(GeneratedSection.replace(text, "page", "y", "new\n"))
        .isEqualTo(text.replace("\ny\n", "\nnew\n"));
    assertThat(GeneratedSection.replace(text, "page", "x", ""))
        .isEqualTo(text.replace("\nx\n", "\n"));
  }

  @Test
  void pageWithoutTheSectionIsNamed() {
    assertThatThrownBy(() -> GeneratedSection.replace("a", "page", "x", ""))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("page has no lines '<!-- options:begin x -->'");
  }
}
