// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keys of options are spelled in option classes alone ({@code *Options.java}); other main code uses
 * the declaration, so that a key can be renamed in one place. Byte code does not show this: javac
 * copies constants.
 */
final class OptionKeysTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LITERAL = Pattern.compile("\"[^\"]*spark\\.letsdata\\.");
  private static final Pattern COMMENT = Pattern.compile("\\s*(//|/?\\*).*");

  @Test
  void onlyOptionClassesSpellKeys() throws IOException {
    List<Path> sources = mainSources();

    assertThat(sources).as("main sources of all modules").hasSizeGreaterThan(300);
    assertThat(sources.stream().flatMap(source -> breaches(source, read(source)).stream()))
        .as("use the declaration's key()")
        .isEmpty();
  }

  @Test
  void literalInAnotherClassIsFound() {
    String source =
        """
        /** Of {@code "spark.letsdata.run.location"}. */
        class Planted {
          // "spark.letsdata.run.location"
          String message = "Set spark.letsdata.run.location.";
        }
        """;

    assertThat(breaches(Path.of("m/src/main/java/Planted.java"), source))
        .containsExactly("m/src/main/java/Planted.java:4");
    assertThat(breaches(Path.of("m/src/main/java/PlantedOptions.java"), source)).isEmpty();
  }

  private static List<String> breaches(Path source, String text) {
    List<String> found = new ArrayList<>();
    if (source.toString().endsWith("Options.java") || source.endsWith("options/Option.java")) {
      return found;
    }
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (LITERAL.matcher(line).find() && !COMMENT.matcher(line).matches()) {
        found.add(source + ":" + (i + 1));
      }
    }
    return found;
  }

  private static List<Path> mainSources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 20)) {
      return files
          .filter(file -> file.toString().contains("/src/main/java/io/letsdata/"))
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/fixtures/")) // of tests, which may spell keys
          .sorted()
          .toList();
    }
  }

  private static String read(Path source) {
    try {
      return Files.readString(source, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
