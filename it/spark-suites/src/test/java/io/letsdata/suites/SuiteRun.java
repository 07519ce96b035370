// SPDX-License-Identifier: Apache-2.0
package io.letsdata.suites;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.scalatest.Args;
import org.scalatest.DynaTags;
import org.scalatest.Filter;
import org.scalatest.Suite;
import org.scalatest.events.Event;
import org.scalatest.events.SuiteAborted;
import org.scalatest.events.TestCanceled;
import org.scalatest.events.TestFailed;
import org.scalatest.events.TestIgnored;
import org.scalatest.events.TestPending;
import org.scalatest.events.TestSucceeded;
import scala.Option;
import scala.Predef;
import scala.collection.JavaConverters;
import scala.collection.immutable.Set;

/** Runs chosen tests of a suite in one session and collects how each of them ended. */
final class SuiteRun {
  /**
   * How a test ended.
   *
   * @param skipped the suite itself ignores or cancels it
   * @param failure absent unless it failed
   */
  record Outcome(long millis, boolean skipped, @Nullable Throwable failure) {
    boolean passed() {
      return !skipped && failure == null;
    }
  }

  private static final String CHOSEN = "chosen";

  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();

  private SuiteRun() {}

  /**
   * Outcomes by the test's name, in the order of the suite. What fails outside a test is an outcome
   * under the name of the suite.
   */
  static Map<String, Outcome> of(Suite suite, Predicate<String> chosen) {
    SuiteRun run = new SuiteRun();
    try {
      suite.run(Option.empty(), run.arguments(suite, chosen)).waitUntilCompleted();
    } catch (Exception | LinkageError | AssertionError e) {
      run.outcomes.put(suite.suiteName(), new Outcome(0, false, e));
    }
    return run.outcomes;
  }

  private Args arguments(Suite suite, Predicate<String> chosen) {
    Set<String> mark = new Set.Set1<>(CHOSEN);
    Map<String, Set<String>> marked = new HashMap<>();
    for (String test : JavaConverters.setAsJavaSet(suite.testNames())) {
      if (chosen.test(test)) {
        marked.put(test, mark);
      }
    }
    DynaTags tags =
        new DynaTags(immutable(Map.of()), immutable(Map.of(suite.suiteId(), immutable(marked))));
    return new Args(
        this::record,
        Args.$lessinit$greater$default$2(),
        new Filter(Option.apply(mark), Filter.apply$default$2(), false, tags),
        Args.$lessinit$greater$default$4(),
        Option.empty(),
        Args.$lessinit$greater$default$6(),
        Args.$lessinit$greater$default$7(),
        false,
        Option.empty(),
        Option.empty());
  }

  private static <V> scala.collection.immutable.Map<String, V> immutable(Map<String, V> map) {
    return JavaConverters.mapAsScalaMap(map).toMap(Predef.<scala.Tuple2<String, V>>$conforms());
  }

  private synchronized void record(Event event) {
    if (event instanceof TestSucceeded passed) {
      outcomes.put(passed.testName(), new Outcome(millis(passed.duration()), false, null));
    } else if (event instanceof TestFailed failed) {
      Throwable cause =
          failed.throwable().isDefined()
              ? failed.throwable().get()
              : new AssertionError(failed.message());
      outcomes.put(failed.testName(), new Outcome(millis(failed.duration()), false, cause));
    } else if (event instanceof TestIgnored ignored) {
      outcomes.put(ignored.testName(), new Outcome(0, true, null));
    } else if (event instanceof TestCanceled canceled) {
      outcomes.put(canceled.testName(), new Outcome(0, true, null));
    } else if (event instanceof TestPending pending) {
      outcomes.put(pending.testName(), new Outcome(0, true, null));
    } else if (event instanceof SuiteAborted aborted) {
      outcomes.put(
          aborted.suiteName(), new Outcome(0, false, new AssertionError(aborted.message())));
    }
  }

  private static long millis(Option<Object> duration) {
    return duration.isDefined() ? (Long) duration.get() : 0;
  }
}
