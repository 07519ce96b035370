// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceRulesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void packageInfoNamesEveryClassOfItsPackage() {
    List<Path> packages = SourceRules.mainPackages(ROOT);

    assertThat(packages).hasSizeGreaterThan(30);
    assertThat(packages.stream().map(SourceRules::notNamedInPackageInfo).flatMap(List::stream))
        .isEmpty();
  }

  @Test
  void chainOverSealedTypeEndsInElseThatThrows() {
    assertThat(SourceRules.openInstanceofChains(SourceRules.mainPackages(ROOT))).isEmpty();
  }

  @Test
  void classThatPackageInfoDoesNotNameIsFound(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("package-info.java"), "/** Reading order: {@link Named}. */");
    Files.writeString(folder.resolve("Named.java"), "class Named {}");
    Files.writeString(folder.resolve("Forgotten.java"), "class Forgotten {}");

    assertThat(SourceRules.notNamedInPackageInfo(folder)).containsExactly(folder + ": Forgotten");
  }

  @Test
  void chainWithoutFinalElseIsFound(@TempDir Path folder) throws IOException {
    String sealed =
        "sealed interface Shape { record Round() implements Shape {} record Square() implements"
            + " Shape {} }";
    Files.writeString(folder.resolve("Shape.java"), sealed);
    Files.writeString(
        folder.resolve("Open.java"),
        "if (s instanceof Round) { a(); } else if (s instanceof Square) { b(); } c();");

    assertThat(SourceRules.openInstanceofChains(List.of(folder)))
        .containsExactly(folder.resolve("Open.java") + ": chain over Shape");
  }

  @Test
  void chainWhoseFinalElseThrowsIsNotFound(@TempDir Path folder) throws IOException {
    String sealed =
        "sealed interface Shape { record Round() implements Shape {} record Square() implements"
            + " Shape {} }";
    Files.writeString(folder.resolve("Shape.java"), sealed);
    Files.writeString(
        folder.resolve("Closed.java"),
        "if (s instanceof Round) { a(); } else if (s instanceof Square) { b(); } else {"
            + " throw new IllegalStateException(); }");

    assertThat(SourceRules.openInstanceofChains(List.of(folder))).isEmpty();
  }

  @Test
  void noTextDependsOnTheLocaleOfTheJvm() {
    assertThat(SourceRules.localeDependent(SourceRules.mainPackages(ROOT))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"version %d\".formatted(v)",
        "(\"key %s\" + \" %05d\")\n.formatted(k, v)",
        "String.format(\"%,d rows\", n)",
        "out.printf(\n\"%s\" + \"%.1f s\", a, b)",
        "name.toLowerCase()",
        "name.toUpperCase()",
        "new DecimalFormat(\"0.0\")",
        "NumberFormat.getIntegerInstance()"
      })
  void textThatDependsOnTheLocaleIsFound(String code, @TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("Text.java"), code);

    assertThat(SourceRules.localeDependent(List.of(folder))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"version %s at 100%% in %x%n\".formatted(v, w)",
        "String.format(Locale.ROOT, \"%,d rows\", n)",
        "out.printf(Locale.ROOT, \"%.1f s\", b)",
        "name.toLowerCase(Locale.ROOT)"
      })
  void textThatIsTheSameEverywhereIsNotFound(String code, @TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("Text.java"), code);

    assertThat(SourceRules.localeDependent(List.of(folder))).isEmpty();
  }
}
