// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.letsdata.options.Evolving;
import io.letsdata.options.Internal;
import io.letsdata.options.Public;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Rules that hold in every module, each made by a method so that a planted breach can show that it
 * fails (PlantedBreachesTest).
 */
final class ClassRules {
  /** Largest number of top-level classes in a package. */
  static final int MOST_CLASSES = 25;

  /** Largest number of parameters of a constructor. */
  static final int MOST_PARAMETERS = 7;

  private ClassRules() {}

  /** No package uses, through others, a package that uses it. */
  static ArchRule packagesHaveNoCycle() {
    return SlicesRuleDefinition.slices().matching("io.letsdata.(**)").should().beFreeOfCycles();
  }

  /**
   * A reader sees a package at one look.
   *
   * @param most top-level classes, package-info not counted
   * @param exceptions full names of packages that may be larger
   */
  static ArchRule packagesHaveAtMost(int most, Set<String> exceptions) {
    return classes()
        .should(
            new ArchCondition<>("be in a package of at most " + most + " classes") {
              private Map<String, List<JavaClass>> packages = Map.of();

              @Override
              public void init(Collection<JavaClass> all) {
                packages =
                    all.stream()
                        .filter(ClassRules::isTopLevel)
                        .collect(Collectors.groupingBy(JavaClass::getPackageName));
              }

              @Override
              public void check(JavaClass item, ConditionEvents events) {
                String name = item.getPackageName();
                List<JavaClass> members = packages.getOrDefault(name, List.of());
                // One event a package, not one a class.
                if (members.size() > most
                    && members.get(0).equals(item)
                    && !exceptions.contains(name)) {
                  events.add(
                      SimpleConditionEvent.violated(
                          item, "package " + name + " has " + members.size() + " classes"));
                }
              }
            });
  }

  /** Every public type says for whom it is public. */
  static ArchRule publicTypesBearAMarker() {
    return classes()
        .that(DescribedPredicate.describe("are public and top-level", ClassRules::isPublicTopLevel))
        .should(
            new ArchCondition<>("bear @Public, @Evolving or @Internal") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                long markers =
                    Stream.of(Public.class, Evolving.class, Internal.class)
                        .filter(item::isAnnotatedWith)
                        .count();
                if (markers != 1) {
                  events.add(
                      SimpleConditionEvent.violated(
                          item, item.getName() + " bears " + markers + " markers, not one"));
                }
              }
            });
  }

  /** A user who compiles against a public type needs no internal one. */
  static ArchRule publicSignaturesNameNothingInternal() {
    return classes()
        .that()
        .areAnnotatedWith(Public.class)
        .should(
            new ArchCondition<>("name no @Internal type in a public signature") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                for (JavaCodeUnit unit : item.getCodeUnits()) {
                  if (unit.getModifiers().contains(JavaModifier.PUBLIC)
                      || unit.getModifiers().contains(JavaModifier.PROTECTED)) {
                    Stream.concat(
                            unit.getRawParameterTypes().stream(),
                            Stream.of(unit.getRawReturnType()))
                        .filter(type -> type.isAnnotatedWith(Internal.class))
                        .forEach(
                            type ->
                                events.add(
                                    SimpleConditionEvent.violated(
                                        item, unit.getFullName() + " names " + type.getName())));
                  }
                }
              }
            });
  }

  /** Who needs more has more than one job; records of the wire are data and exempt. */
  static ArchRule constructorsHaveFewParameters() {
    return classes()
        .should(
            new ArchCondition<>("have constructors of at most " + MOST_PARAMETERS + " parameters") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                if (item.isRecord() || item.isAnonymousClass() || item.isLocalClass()) {
                  return;
                }
                item.getConstructors().stream()
                    .filter(c -> c.getRawParameterTypes().size() > MOST_PARAMETERS)
                    .forEach(
                        c ->
                            events.add(
                                SimpleConditionEvent.violated(
                                    item,
                                    c.getFullName()
                                        + " has "
                                        + c.getRawParameterTypes().size()
                                        + " parameters")));
              }
            });
  }

  /** An SDK is one package's business. */
  static ArchRule onlyUses(String sdk, String... packages) {
    return noClasses()
        .that(
            DescribedPredicate.not(
                com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(packages)))
        .should()
        .dependOnClassesThat(resideInAPackage(sdk))
        .because("only " + List.of(packages) + " may use it");
  }

  /**
   * {@code new Configuration()} reads the site files of the process that it runs in: those of a
   * driver are not a worker's. Everything copies the configuration that Spark made.
   */
  static ArchRule nothingReadsSiteFiles() {
    return noClasses()
        .should()
        .callConstructor(Configuration.class)
        .because("it reads the site files of the process that it runs in");
  }

  /** Fixtures are for tests and benchmarks. */
  static ArchRule nothingUsesFixtures() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.letsdata.fixtures..")
        .because("fixtures are for tests and benchmarks");
  }

  static JavaClass outermost(JavaClass c) {
    return c.getEnclosingClass().map(ClassRules::outermost).orElse(c);
  }

  private static boolean isTopLevel(JavaClass c) {
    return c.isTopLevelClass() && !c.getSimpleName().equals("package-info");
  }

  private static boolean isPublicTopLevel(JavaClass c) {
    return isTopLevel(c) && c.getModifiers().contains(JavaModifier.PUBLIC);
  }
}
