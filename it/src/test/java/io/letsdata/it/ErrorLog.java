// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class when the driver's log has a line at ERROR that neither the class nor one of
 * its tests declares with {@link ExpectedErrors}. Registered for all classes of the module.
 */
public final class ErrorLog implements BeforeAllCallback, AfterAllCallback {
  /** A line of the format that Spark has by default, and the command line without the date. */
  private static final Pattern LINE =
      Pattern.compile("^(?:[0-9/]+ )?\\d\\d:\\d\\d:\\d\\d ERROR (\\S+): (.*)$");

  /** A line that comes late is judged with its own class, as long as the next has not begun. */
  @Override
  public void beforeAll(ExtensionContext context) {
    ErrorCollector lines = lines(context);
    assertExpected(lines.drain(), lines.of());
    lines.begin(context.getRequiredTestClass());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    assertExpected(lines(context).drain(), context.getRequiredTestClass());
  }

  private static ErrorCollector lines(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(ErrorLog.class))
        .getOrComputeIfAbsent(
            ErrorCollector.class, type -> ErrorCollector.attached(), ErrorCollector.class);
  }

  private static void assertExpected(List<String> lines, Class<?> type) {
    assertThat(unexpected(lines, type))
        .as("ERROR lines in the driver's log that %s does not declare", type.getSimpleName())
        .isEmpty();
  }

  /** Those that {@code type} does not declare. */
  static List<String> unexpected(List<String> lines, Class<?> type) {
    List<Pattern> expected = expected(type);
    return lines.stream()
        .filter(line -> expected.stream().noneMatch(pattern -> pattern.matcher(line).find()))
        .toList();
  }

  private static List<Pattern> expected(Class<?> type) {
    return Stream.concat(Stream.of(type), Stream.of(type.getDeclaredMethods()))
        .map(element -> element.getAnnotation(ExpectedErrors.class))
        .filter(declared -> declared != null)
        .flatMap(declared -> Stream.of(declared.value()))
        .map(Pattern::compile)
        .toList();
  }

  /** Has the ERROR lines of a driver in another process judged as if they were of this one. */
  public static void judge(String output) {
    for (String line : linesOf(output)) {
      int end = line.indexOf(": ");
      LogManager.getLogger(line.substring(0, end)).error(line.substring(end + 2));
    }
  }

  static List<String> linesOf(String output) {
    List<String> lines = new ArrayList<>();
    for (String line : output.lines().toList()) {
      Matcher error = LINE.matcher(line);
      if (error.matches()) {
        lines.add(error.group(1) + ": " + error.group(2));
      }
    }
    return lines;
  }
}
