// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text between {@code <!-- options:begin NAME -->} and {@code <!-- options:end -->} of a page,
 * which is made from the declarations and never written by hand.
 *
 * <p>A test of each module calls {@link #verify}. To correct the pages after an option was changed:
 * {@code mvn -pl <module> -am verify -Dit.test=none -Dtest='OptionTablesTest'
 * -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 * -Dletsdata.tables=write}.
 */
@Internal
public final class GeneratedSection {
  /** System property; {@code write} makes {@link #verify} correct the page. */
  private static final String MODE = "letsdata.tables";

  private static final String END = "<!-- options:end -->";

  private GeneratedSection() {}

  /**
   * Compares a section of a page with what it should be.
   *
   * @param page a markdown file, from the module's folder
   * @param name of the section
   * @param content with the final line feed
   * @throws IllegalStateException when it differs, naming the page and the remedy
   */
  public static void verify(Path page, String name, String content) {
    try {
      String before = Files.readString(page, UTF_8);
      String after = replace(before, page.toString(), name, content);
      if (before.equals(after)) {
        return;
      }
      if (!"write".equals(System.getProperty(MODE))) {
        throw new IllegalStateException(
            "The section 'options:begin %s' of %s is not what the declarations give. Run this test with -D%s=write and commit the page."
                .formatted(name, page, MODE));
      }
      Files.writeString(page, after, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot verify " + page + ": " + e.getMessage(), e);
    }
  }

  /** The text of a page with one section replaced. */
  static String replace(String text, String page, String name, String content) {
    String begin = "<!-- options:begin " + name + " -->\n";
    int from = text.indexOf(begin);
    int to = from < 0 ? -1 : text.indexOf(END, from);
    if (to < 0) {
      throw new IllegalStateException(
          "%s has no lines '%s' and '%s'. Add them where the table belongs."
              .formatted(page, begin.strip(), END));
    }
    return text.substring(0, from + begin.length()) + content + text.substring(to);
  }
}
