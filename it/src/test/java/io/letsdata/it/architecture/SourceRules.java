// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules about sources, which byte code does not show. */
final class SourceRules {
  /** Folders whose main code is held; examples are a user's own code. */
  private static final Set<String> LEFT_OUT = Set.of("examples", "target", ".git");

  private static final Pattern SEALED = Pattern.compile("sealed interface (\\w+)");
  private static final Pattern PERMITTED =
      Pattern.compile("(?:record|final class) (\\w+)[^{;]*?implements [^{;]*?\\b(\\w+)\\b");

  private static final String LITERAL = "\"(?:[^\"\\\\\n]|\\\\.)*+\"";

  /** A literal, or literals that are joined in parentheses, as the text of a format. */
  private static final Pattern FORMAT_WITHOUT_LOCALE =
      Pattern.compile(
          "(?:String\\.format|\\.printf)\\(\\s*(?<first>%1$s(?:\\s*\\+\\s*%1$s)*)|(?<text>%1$s|\\(\\s*%1$s(?:\\s*\\+\\s*%1$s)*\\s*\\))\\s*\\.formatted\\("
              .formatted(LITERAL));

  /** Conversions whose digits, separators or letters are those of a locale. */
  private static final Pattern LOCALIZED =
      Pattern.compile("%(?:\\d+\\$)?[-#+ 0,(]*\\d*(?:\\.\\d+)?(?:[defgatTSXEG]|B)");

  private static final Pattern LOCALIZED_CALL =
      Pattern.compile(
          "\\.to(?:Lower|Upper)Case\\(\\)|new (?:SimpleDateFormat|DecimalFormat)\\(|NumberFormat\\.get\\w*Instance\\(\\)");

  private SourceRules() {}

  /** Every folder of main code below {@code root} that holds a Java file. */
  static List<Path> mainPackages(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/main/java/"))
          .filter(file -> !isLeftOut(root.relativize(file)))
          .map(Path::getParent)
          .distinct()
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isLeftOut(Path relative) {
    for (Path part : relative) {
      if (LEFT_OUT.contains(part.toString())) {
        return true;
      }
    }
    return false;
  }

  /** Classes of a package that its package-info does not name; the whole package without one. */
  static List<String> notNamedInPackageInfo(Path folder) {
    Path info = folder.resolve("package-info.java");
    String text = Files.exists(info) ? read(info) : "";
    List<String> missing = new ArrayList<>();
    for (Path file : javaFiles(folder)) {
      String name = file.getFileName().toString().replace(".java", "");
      if (!name.equals("package-info")
          && !Pattern.compile("\\b" + name + "\\b").matcher(text).find()) {
        missing.add(folder + ": " + name);
      }
    }
    return missing;
  }

  /**
   * Chains of {@code instanceof} over one sealed type that do not end in an {@code else} that
   * throws: a new permitted type would pass through them in silence.
   */
  static List<String> openInstanceofChains(List<Path> folders) {
    List<String> sources = new ArrayList<>();
    List<Path> paths = new ArrayList<>();
    for (Path folder : folders) {
      for (Path file : javaFiles(folder)) {
        paths.add(file);
        sources.add(read(file));
      }
    }
    List<String> found = new ArrayList<>();
    for (String declaration : sources) {
      Matcher sealed = SEALED.matcher(declaration);
      while (sealed.find()) {
        List<String> permitted = permitted(declaration, sealed.group(1));
        for (int i = 0; i < sources.size(); i++) {
          if (permitted.size() > 1 && isOpen(sources.get(i), permitted)) {
            found.add(paths.get(i) + ": chain over " + sealed.group(1));
          }
        }
      }
    }
    return found;
  }

  /**
   * Texts that depend on the locale of the JVM: keys, numbers and messages would differ from one
   * machine to another. {@code %s} writes a number as every machine does; {@code
   * String.format(Locale.ROOT, …)} is for widths, groups and fractions.
   */
  static List<String> localeDependent(List<Path> folders) {
    List<String> found = new ArrayList<>();
    for (Path folder : folders) {
      for (Path file : javaFiles(folder)) {
        String source = read(file);
        Matcher format = FORMAT_WITHOUT_LOCALE.matcher(source);
        while (format.find()) {
          String text =
              format.group("first") == null ? format.group("text") : format.group("first");
          Matcher localized = LOCALIZED.matcher(text.replace("%%", "").replace("%n", ""));
          if (localized.find()) {
            found.add(file + ": " + localized.group() + " without Locale.ROOT");
          }
        }
        Matcher call = LOCALIZED_CALL.matcher(source);
        while (call.find()) {
          found.add(file + ": " + call.group() + " without Locale.ROOT");
        }
      }
    }
    return found;
  }

  private static List<String> permitted(String declaration, String type) {
    List<String> names = new ArrayList<>();
    Matcher matcher = PERMITTED.matcher(declaration);
    while (matcher.find()) {
      if (matcher.group(2).equals(type)) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }

  /** Only {@code else if} makes a chain; a single question about one type is none. */
  private static boolean isOpen(String source, List<String> permitted) {
    String types = String.join("|", permitted);
    Matcher chain =
        Pattern.compile("else if \\([^{]*instanceof (?:\\w+\\.)?(?:" + types + ")\\b")
            .matcher(source);
    while (chain.find()) {
      int end = endOfBlock(source, source.indexOf('{', chain.end()));
      String next = source.substring(end).stripLeading();
      if (next.startsWith("else if")) {
        continue;
      }
      boolean throwing =
          next.startsWith("else")
              && next.substring(0, Math.min(next.length(), 200)).contains("throw ");
      if (!throwing) {
        return true;
      }
    }
    return false;
  }

  private static int endOfBlock(String source, int open) {
    int depth = 0;
    for (int i = open; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i + 1;
      }
    }
    return source.length();
  }

  private static List<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
