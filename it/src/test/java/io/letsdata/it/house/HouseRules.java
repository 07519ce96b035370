// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.house;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rules that pages and comments keep, as far as a program can see it. Reads the files that git
 * tracks, and new ones that it does not ignore.
 *
 * <p>Uses the JDK only, so that it runs without a build and prints every breach, from the
 * repository's root: {@code java it/src/test/java/io/letsdata/it/house/HouseRules.java}. Arguments
 * limit it to rules, such as {@code RETIRED_WORDS}.
 */
public final class HouseRules {
  /** The rules, in the order in which they are printed. */
  enum Rule {
    /** Every Java source begins with the licence's SPDX line. */
    LICENCE,
    /** A line of a page has at most 160 characters; rows of tables and code may have more. */
    LONG_LINES,
    /** A relative link of a page leads to a file, and its anchor to a heading. */
    LINKS,
    /** Each decision has a status, and a row in decisions/README.md. */
    DECISIONS,
    /** No sentence of Javadoc outside tests begins with "What", "Whoever" or "Nobody". */
    JAVADOC_OPENINGS,
    /** No retired word of docs/GLOSSARY.md is used. */
    RETIRED_WORDS,
    /** Each message in docs/errors.md exists in the code. */
    MESSAGES,
    /** Each test that a page names exists, and its method: {@code SomeIT.startOfAName…}. */
    TESTS_IN_PAGES,
    /** Examples have the versions of the parent pom. */
    VERSIONS_OF_EXAMPLES
  }

  /**
   * One place that breaks a rule.
   *
   * @param file relative to the root
   * @param line from 1
   */
  record Breach(Rule rule, String file, int line, String what) {
    @Override
    public String toString() {
      return rule + " " + file + ":" + line + ": " + what;
    }
  }

  private record RetiredWord(Pattern pattern, Predicate<String> places, String now) {}

  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?…?`");
  private static final String SPDX = "// SPDX-License-Identifier: Apache-2.0";
  private static final String GLOSSARY = "docs/GLOSSARY.md";
  private static final String ERRORS = "docs/errors.md";
  private static final int LONGEST_LINE = 160;
  private static final int SHORTEST_PART = 9;
  private static final Pattern MESSAGE = Pattern.compile("^\\| `([^`]+)`");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern DOC_COMMENT = Pattern.compile("(?s)/\\*\\*(.*?)\\*/");
  private static final Pattern OPENING =
      Pattern.compile(
          "(?:^|[.!?]\\s+|<p>\\s*|<li>\\s*|@(?:return|param\\s+\\S+|throws\\s+\\S+)\\s+)"
              + "(What|Whoever|Nobody)\\b");
  private static final Pattern RETIRED =
      Pattern.compile(
          "^\\| `((?:[^`|]|\\\\\\|)+)` \\| ((?:java|main|docs)(?:, (?:java|main|docs))*) \\| (.*) \\|$");
  private static final Pattern VERSION = Pattern.compile("<(\\w[\\w.]*\\.version)>([^<]+)</\\1>");

  private final Path root;
  private final List<String> files;

  private HouseRules(Path root, List<String> files) {
    this.root = root;
    this.files = files;
  }

  /** Prints the breaches of the rules that the arguments name, or of all. Exit code 1 for any. */
  public static void main(String[] args) throws IOException, InterruptedException {
    HouseRules rules = in(Path.of(""));
    Set<String> named = new TreeSet<>(List.of(args));
    int breaches = 0;
    for (Rule rule : Rule.values()) {
      if (named.isEmpty() || named.contains(rule.name())) {
        for (Breach breach : rules.breaches(rule)) {
          System.out.println(breach);
          breaches++;
        }
      }
    }
    System.out.println(breaches + " breaches");
    System.exit(breaches == 0 ? 0 : 1);
  }

  /**
   * The rules for one working tree.
   *
   * @param root of the repository
   */
  static HouseRules in(Path root) throws IOException, InterruptedException {
    Process git =
        new ProcessBuilder("git", "ls-files", "-z", "-c", "-o", "--exclude-standard")
            .directory(root.toAbsolutePath().toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(git.getInputStream().readAllBytes(), UTF_8);
    if (git.waitFor() != 0) {
      throw new IOException("Cannot list the files of " + root + ": git failed.");
    }
    List<String> files = new ArrayList<>();
    for (String file : new TreeSet<>(List.of(output.split("\0", -1)))) {
      if (!file.isEmpty() && Files.isRegularFile(root.resolve(file))) {
        files.add(file);
      }
    }
    return new HouseRules(root, files);
  }

  /** All breaches of one rule, by file and line. Reads each file that the rule is about. */
  List<Breach> breaches(Rule rule) throws IOException {
    List<Breach> found = new ArrayList<>();
    switch (rule) {
      case LICENCE -> findMissingLicences(found);
      case LONG_LINES -> findLongLines(found);
      case LINKS -> findDeadLinks(found);
      case DECISIONS -> findUnlistedDecisions(found);
      case JAVADOC_OPENINGS -> findOpenings(found);
      case RETIRED_WORDS -> findRetiredWords(found);
      case MESSAGES -> findUnknownMessages(found);
      case TESTS_IN_PAGES -> findUnknownTests(found);
      case VERSIONS_OF_EXAMPLES -> findOtherVersions(found);
    }
    return found;
  }

  private void findMissingLicences(List<Breach> found) throws IOException {
    for (String file : files(HouseRules::isJava)) {
      if (!lines(file).get(0).equals(SPDX)) {
        found.add(new Breach(Rule.LICENCE, file, 1, "the first line is not " + SPDX));
      }
    }
  }

  private void findLongLines(List<Breach> found) throws IOException {
    for (String file : files(HouseRules::isPage)) {
      boolean code = false;
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        code ^= line.stripLeading().startsWith("```");
        boolean mayBeLong = code || line.startsWith("    ") || line.stripLeading().startsWith("|");
        if (!mayBeLong && line.codePointCount(0, line.length()) > LONGEST_LINE) {
          found.add(new Breach(Rule.LONG_LINES, file, i + 1, line.length() + " characters"));
        }
      }
    }
  }

  private void findDeadLinks(List<Breach> found) throws IOException {
    for (String file : files(HouseRules::isPage)) {
      Path folder = root.toAbsolutePath().resolve(file).resolve("..").normalize();
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        Matcher links = LINK.matcher(lines.get(i).replaceAll("`[^`]*`", ""));
        while (links.find()) {
          String target = links.group(1);
          if (!target.matches("[a-z]+:.*") && !leadsSomewhere(folder, file, target)) {
            found.add(new Breach(Rule.LINKS, file, i + 1, target + " does not exist"));
          }
        }
      }
    }
  }

  private boolean leadsSomewhere(Path folder, String from, String target) throws IOException {
    String path = target.replaceFirst("#.*", "");
    Path file = path.isEmpty() ? root.resolve(from) : folder.resolve(path).normalize();
    if (!Files.exists(file)) {
      return false;
    }
    int mark = target.indexOf('#');
    if (mark < 0) {
      return true;
    }
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("#") && anchor(line).equals(target.substring(mark + 1))) {
        return true;
      }
    }
    return false;
  }

  /** The anchor that GitHub makes of a heading. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(java.util.Locale.ROOT)
        .replaceAll("[^a-z0-9 _-]", "")
        .replace(' ', '-');
  }

  private void findUnlistedDecisions(List<Breach> found) throws IOException {
    String index = Files.readString(root.resolve("decisions/README.md"));
    for (String file : files(f -> f.matches(".*/decisions/\\d{4}-.*\\.md"))) {
      if (!Files.readString(root.resolve(file)).contains("\nStatus: ")) {
        found.add(new Breach(Rule.DECISIONS, file, 3, "there is no line 'Status: …'"));
      }
      if (!index.contains("(../" + file + ")")) {
        found.add(new Breach(Rule.DECISIONS, file, 1, "decisions/README.md has no row for it"));
      }
    }
  }

  private void findOpenings(List<Breach> found) throws IOException {
    for (String file : files(f -> isJava(f) && isMain(f))) {
      String source = Files.readString(root.resolve(file));
      Matcher comments = DOC_COMMENT.matcher(source);
      while (comments.find()) {
        String text = comments.group(1).replaceAll("\n\\s*\\*( |(?=\n|$))", "\n ").strip();
        Matcher openings = OPENING.matcher(text);
        while (openings.find()) {
          found.add(
              new Breach(
                  Rule.JAVADOC_OPENINGS,
                  file,
                  lineOf(source, comments.start()),
                  excerpt(text, openings.start(1))));
        }
      }
    }
  }

  private void findRetiredWords(List<Breach> found) throws IOException {
    List<RetiredWord> words = new ArrayList<>();
    for (String line : lines(GLOSSARY)) {
      Matcher row = RETIRED.matcher(line);
      if (row.matches()) {
        words.add(retiredWord(row.group(1), row.group(2), row.group(3)));
      }
    }
    if (words.isEmpty()) {
      throw new IOException("Cannot read the retired words of " + GLOSSARY + ": no row was found.");
    }
    for (String file : files(f -> !f.equals(GLOSSARY))) {
      List<RetiredWord> here = words.stream().filter(word -> word.places().test(file)).toList();
      List<String> lines = here.isEmpty() ? List.of() : lines(file);
      for (int i = 0; i < lines.size(); i++) {
        for (RetiredWord word : here) {
          Matcher match = word.pattern().matcher(lines.get(i));
          if (match.find()) {
            found.add(
                new Breach(
                    Rule.RETIRED_WORDS,
                    file,
                    i + 1,
                    "'%s' is retired (now: %s): %s"
                        .formatted(match.group(), word.now(), lines.get(i).strip())));
          }
        }
      }
    }
  }

  private static RetiredWord retiredWord(String pattern, String places, String now) {
    Predicate<String> where = file -> false;
    for (String place : places.split(", ", -1)) {
      where =
          where.or(
              switch (place) {
                case "java" -> HouseRules::isJava;
                case "main" -> file -> isJava(file) && isMain(file);
                case "docs" -> HouseRules::isPage;
                default -> throw new IllegalArgumentException("no such place: " + place);
              });
    }
    Pattern words = Pattern.compile("\\b(?:" + pattern.replace("\\|", "|") + ")\\b");
    return new RetiredWord(words, where, now);
  }

  /** A message is its parts between values; a source's string constants are joined for that. */
  private void findUnknownMessages(List<Breach> found) throws IOException {
    StringBuilder code = new StringBuilder();
    for (String file : files(f -> isJava(f) && isMain(f))) {
      code.append(Files.readString(root.resolve(file)).replaceAll("\"\\s*\\+\\s*\"", ""));
    }
    List<String> lines = lines(ERRORS);
    for (int i = 0; i < lines.size(); i++) {
      Matcher message = MESSAGE.matcher(lines.get(i));
      if (message.find()) {
        for (String part : message.group(1).split("…", -1)) {
          if (part.length() >= SHORTEST_PART && code.indexOf(part) < 0) {
            found.add(new Breach(Rule.MESSAGES, ERRORS, i + 1, "not in the code: " + part));
          }
        }
      }
    }
  }

  private void findUnknownTests(List<Breach> found) throws IOException {
    for (String file : files(HouseRules::isPage)) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        Matcher tests = TEST.matcher(lines.get(i));
        while (tests.find()) {
          if (!isTest(tests.group(1), tests.group(2) == null ? "" : tests.group(2))) {
            found.add(new Breach(Rule.TESTS_IN_PAGES, file, i + 1, tests.group() + " is no test"));
          }
        }
      }
    }
  }

  private boolean isTest(String name, String method) throws IOException {
    for (String file : files(f -> f.endsWith("/" + name + ".java"))) {
      if (method.isEmpty() || Files.readString(root.resolve(file)).contains("void " + method)) {
        return true;
      }
    }
    return false;
  }

  private void findOtherVersions(List<Breach> found) throws IOException {
    String parent = Files.readString(root.resolve("pom.xml"));
    for (String file : files(f -> f.matches("examples/[^/]+/pom\\.xml"))) {
      Matcher versions = VERSION.matcher(Files.readString(root.resolve(file)));
      while (versions.find()) {
        if (!parent.contains(versions.group())) {
          found.add(
              new Breach(
                  Rule.VERSIONS_OF_EXAMPLES, file, 1, versions.group() + " is not the parent's"));
        }
      }
    }
  }

  private List<String> files(Predicate<String> wanted) {
    return files.stream().filter(wanted).toList();
  }

  private List<String> lines(String file) throws IOException {
    return isText(file) ? Files.readAllLines(root.resolve(file)) : List.of();
  }

  private static boolean isText(String file) {
    return isJava(file) || isPage(file);
  }

  private static boolean isJava(String file) {
    return file.endsWith(".java");
  }

  private static boolean isMain(String file) {
    return !file.contains("/src/test/");
  }

  private static boolean isPage(String file) {
    return file.endsWith(".md");
  }

  private static int lineOf(String text, int position) {
    return (int) text.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
  }

  private static String excerpt(String text, int start) {
    return text.substring(start, Math.min(text.length(), start + 70)).replaceAll("\\s+", " ");
  }
}
