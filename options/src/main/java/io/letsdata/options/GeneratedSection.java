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
    if ("write".equals(System.getProperty(MODE))) {
      write(page, name, content);
    } else {
      compare(page, name, content);
    }
  }

  static void compare(Path page, String name, String content) {
    String before = read(page);
    if (!before.equals(replace(before, page.toString(), name, content))) {
      throw new IllegalStateException(
          "The section 'options:begin %s' of %s is not what the declarations give. Run this test with -D%s=write and commit the page."
              .formatted(name, page, MODE));
    }
  }

  static void write(Path page, String name, String content) {
    String text = replace(read(page), page.toString(), name, content);
    try {
      Files.writeString(page, text, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + page + ": " + e.getMessage(), e);
    }
  }

  private static String read(Path page) {
    try {
      return Files.readString(page, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + page + ": " + e.getMessage(), e);
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
