// SPDX-License-Identifier: Apache-2.0
package io.letsdata.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.letsdata.suites.SuiteRun.Outcome;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.scalatest.Suite;
import scala.collection.JavaConverters;

/**
 * Spark's own tests pass on our masters, but for those of {@code differences.txt} and those that
 * fail on plain Spark in the same run.
 *
 * <p>Each build runs {@code quick.txt}. The profile {@code spark-suites} runs all, and on plain
 * Spark first.
 */
@Tag("suites")
final class SparkSuitesIT {
  private static final String CHOICE = System.getProperty("letsdata.suites", "quick");
  private static final List<Master> MASTERS =
      Arrays.stream(System.getProperty("letsdata.suites.masters", "SHUFFLE,LAMBDA").split(","))
          .map(Master::valueOf)
          .sorted()
          .toList();

  private final Map<SparkSuite, Set<String>> failOnStock = new EnumMap<>(SparkSuite.class);
  private final Summary summary = new Summary();

  @TestFactory
  Stream<DynamicNode> sparksTestsPassOnOurMasters() {
    return Arrays.stream(SparkSuite.values())
        .flatMap(suite -> MASTERS.stream().flatMap(master -> chosen(master, suite)));
  }

  /** A suite on a master, when the build chooses tests of it. */
  private Stream<DynamicNode> chosen(Master master, SparkSuite suite) {
    if (CHOICE.equals("quick")) {
      Set<String> quick = new HashSet<>();
      for (List<String> cells : Difference.lines("quick.txt")) {
        if (cells.get(0).equals(master.name()) && cells.get(1).equals(suite.name())) {
          quick.add(cells.get(2));
        }
      }
      return quick.isEmpty()
          ? Stream.empty()
          : Stream.of(container(master, suite, quick::contains));
    }
    boolean named = CHOICE.equals("all") || List.of(CHOICE.split(",")).contains(suite.name());
    return named ? Stream.of(container(master, suite, test -> true)) : Stream.empty();
  }

  /** The suite runs when JUnit asks for the container's first test. */
  private DynamicNode container(Master master, SparkSuite suite, Predicate<String> chosen) {
    return dynamicContainer(
        master + " " + suite, Stream.of(suite).flatMap(s -> tests(master, s, chosen)));
  }

  private Stream<DynamicNode> tests(Master master, SparkSuite kind, Predicate<String> chosen) {
    master.use();
    Suite suite = kind.suite();
    Set<String> names = JavaConverters.setAsJavaSet(suite.testNames());
    List<Difference> differences =
        Difference.all().stream().filter(d -> d.concerns(master, kind)).toList();
    Set<String> left = new HashSet<>(differences.stream().map(Difference::test).toList());
    Map<String, Outcome> outcomes = SuiteRun.of(suite, chosen.and(test -> !left.contains(test)));
    if (master == Master.STOCK) {
      Set<String> failed = new HashSet<>();
      outcomes.forEach(
          (test, outcome) -> {
            if (outcome.failure() != null) {
              failed.add(test);
            }
          });
      failOnStock.put(kind, failed);
    }
    summary.add(master, kind, outcomes.values(), left.size());

    Stream<DynamicNode> listed =
        differences.stream()
            .map(d -> dynamicTest(d.test(), () -> notRun(d, names.contains(d.test()))));
    Stream<DynamicNode> run =
        outcomes.entrySet().stream()
            .map(o -> dynamicTest(o.getKey(), () -> judge(kind, o.getKey(), o.getValue())));
    return Stream.concat(run, listed.filter(d -> chosen.test(d.getDisplayName())));
  }

  private static void notRun(Difference difference, boolean exists) {
    assertThat(exists).as("differences.txt names a test that the suite has").isTrue();
    abort("Not here: " + difference.reason());
  }

  private void judge(SparkSuite suite, String test, Outcome outcome) throws Throwable {
    if (failOnStock.getOrDefault(suite, Set.of()).contains(test)) {
      abort("Fails on plain Spark in this run: " + outcome.failure());
    }
    if (outcome.skipped()) {
      abort("The suite skips it");
    }
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
  }
}
