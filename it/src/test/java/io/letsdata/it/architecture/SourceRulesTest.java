// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
