// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.letsdata.local.LocalCloudMain;
import io.letsdata.options.UserErrorException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may use whom, as the README's module map has it. A module is the root package of its name.
 *
 * <p>A rule that matches no class fails: that is ArchUnit's default, and a module that was renamed
 * must not escape its rule.
 */
@AnalyzeClasses(
    packages = "io.letsdata",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.WithoutBenchmarks.class})
final class ArchitectureTest {
  /** Benchmarks and fixtures may use every module and print; tests here use them. */
  static final class WithoutBenchmarks implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/io/letsdata/benchmarks/")
          && !location.contains("/io/letsdata/fixtures/");
    }
  }

  private static final String[] MODULES = {
    "options",
    "manifest",
    "store",
    "protocol",
    "filesystem",
    "read",
    "write",
    "shuffle",
    "executor",
    "worker",
    "local",
    "training",
    "cli"
  };

  // What is public in byte code and private in Scala, or internal by Spark's own account; the
  // packages that Spark documents (sql, sql.connector, sql.types, scheduler's listener) are absent.
  private static final DescribedPredicate<JavaClass> PRIVATE_IN_SPARK =
      resideInAnyPackage(
              "org.apache.spark.deploy..",
              "org.apache.spark.internal..",
              "org.apache.spark.memory..",
              "org.apache.spark.network..",
              "org.apache.spark.rpc..",
              "org.apache.spark.scheduler.cluster..",
              "org.apache.spark.security..",
              "org.apache.spark.serializer..",
              "org.apache.spark.shuffle..",
              "org.apache.spark.storage..",
              "org.apache.spark.util..",
              "org.apache.spark.sql.catalyst..",
              "org.apache.spark.sql.execution..",
              "org.apache.spark.sql.internal..")
          .or(
              inSpark(
                  "SparkEnv",
                  "MapOutputTracker",
                  "MapOutputTrackerMaster",
                  "MapOutputTrackerWorker",
                  "TaskContextImpl",
                  "scheduler.DAGScheduler",
                  "scheduler.OutputCommitCoordinator",
                  "scheduler.SchedulerBackend",
                  "scheduler.Task",
                  "scheduler.TaskDescription",
                  "scheduler.TaskScheduler",
                  "scheduler.TaskSchedulerImpl",
                  "scheduler.TaskSetManager"))
          // DSv2's public interfaces speak of rows by this type.
          .and(not(inSpark("sql.catalyst.InternalRow")))
          .as("Spark's private classes");

  @ArchTest
  static final ArchRule everyClassBelongsToAModule =
      classes().should().resideInAnyPackage(packagesOf(MODULES)).because("rules go by module");

  @ArchTest static final ArchRule optionsUseTheJdkAlone = optionsUseTheJdk();
  @ArchTest static final ArchRule manifestUsesNoModule = module("manifest").mayUse();
  @ArchTest static final ArchRule storeUsesNoModule = module("store").mayUse();

  @ArchTest static final ArchRule filesystemUsesTheStore = module("filesystem").mayUse("store");

  @ArchTest
  static final ArchRule readUsesManifestsAndTheFileSystem =
      module("read").mayUse("manifest", "filesystem", "store");

  @ArchTest
  static final ArchRule writeUsesManifestsTheFileSystemAndReadsInterface =
      module("write").mayUse("manifest", "filesystem", "store", "read");

  @ArchTest static final ArchRule protocolUsesTheStore = module("protocol").mayUse("store");

  @ArchTest
  static final ArchRule shuffleUsesTheProtocolAndTheStore =
      module("shuffle").mayUse("protocol", "store");

  @ArchTest
  static final ArchRule executorUsesTheProtocolTheShuffleAndTheStore =
      module("executor").mayUse("protocol", "shuffle", "store");

  @ArchTest
  static final ArchRule workerUsesTheProtocolTheShuffleAndTheStore =
      module("worker").mayUse("protocol", "shuffle", "store");

  @ArchTest static final ArchRule localUsesNoModule = module("local").mayUse();

  @ArchTest
  static final ArchRule trainingUsesTheStandInAndTheSessionsSettings =
      module("training").mayUse("local", "protocol", "shuffle", "executor", "store");

  @ArchTest
  static final ArchRule nothingUsesTheCommand =
      noClasses()
          .that(not(resideInAPackage("io.letsdata.cli..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.letsdata.cli..")
          .because("it stands on top");

  @ArchTest
  static final ArchRule writeUsesOfTheReaderOnlyItsDoor =
      noClasses()
          .that()
          .resideInAPackage("io.letsdata.write..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.letsdata.read..")
                  .and(not(resideInAPackage("io.letsdata.read.spi..")))
                  .as("the reader's inside"));

  @ArchTest static final ArchRule nothingUsesFixtures = ClassRules.nothingUsesFixtures();

  @ArchTest static final ArchRule packagesHaveNoCycle = ClassRules.packagesHaveNoCycle();

  // write: one protocol, read in the order of its package-info; store: the seam and its vocabulary.
  @ArchTest
  static final ArchRule packagesAreSmall =
      ClassRules.packagesHaveAtMost(
          ClassRules.MOST_CLASSES, Set.of("io.letsdata.write", "io.letsdata.store"));

  @ArchTest static final ArchRule publicTypesBearAMarker = ClassRules.publicTypesBearAMarker();

  @ArchTest
  static final ArchRule publicSignaturesNameNothingInternal =
      ClassRules.publicSignaturesNameNothingInternal();

  @ArchTest
  static final ArchRule constructorsHaveFewParameters = ClassRules.constructorsHaveFewParameters();

  @ArchTest static final ArchRule nothingReadsSiteFiles = ClassRules.nothingReadsSiteFiles();

  @ArchTest
  static final ArchRule onlyTheStoreUsesTheS3Client =
      ClassRules.onlyUses("software.amazon.awssdk.services.s3..", "io.letsdata.store.s3..");

  @ArchTest
  static final ArchRule onlyInvokingUsesTheLambdaClient =
      ClassRules.onlyUses(
          "software.amazon.awssdk.services.lambda..", "io.letsdata.executor.invoke..");

  // The policies in docs/iam grant these two actions of Lambda.
  @ArchTest
  static final ArchRule lambdaIsAskedToInvokeAndToDescribeOnly =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "software\\.amazon\\.awssdk\\.services\\.lambda\\.model\\."
                  + "(?!InvokeRequest|GetFunctionConfigurationRequest)\\w+Request(\\$Builder)?");

  @ArchTest
  static final ArchRule onlyTwoPackagesUseTheAwsSdk =
      ClassRules.onlyUses(
          "software.amazon..", "io.letsdata.store.s3..", "io.letsdata.executor.invoke..");

  @ArchTest
  static final ArchRule formatsAndStoreDoWithoutSparkAndHadoop =
      noClasses()
          .that()
          .resideInAnyPackage(packagesOf("manifest", "store", "protocol", "local"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");

  @ArchTest
  static final ArchRule fileSystemDoesWithoutSpark =
      noClasses()
          .that()
          .resideInAPackage("io.letsdata.filesystem..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..");

  @ArchTest
  static final ArchRule privateSparkStaysInPackagesNamedSpark =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.letsdata..spark..")
          .should()
          .dependOnClassesThat(PRIVATE_IN_SPARK)
          .because("one Spark line's private classes are one package's business");

  @ArchTest
  static final ArchRule usersMistakesHaveOneBaseType =
      classes()
          .that()
          .areAssignableTo(IllegalArgumentException.class)
          .should()
          .beAssignableTo(UserErrorException.class)
          .because("a caller tells them from our own bugs by the type");

  @ArchTest
  static final ArchRule logsGoThroughSlf4j =
      noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

  @ArchTest
  static final ArchRule onlyCommandsUseStandardStreams =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.letsdata.cli..")
          // Its ready line on standard output is how the process is addressed.
          .and(not(belongToAnyOf(LocalCloudMain.class)))
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(Throwable.class, "printStackTrace");

  private record Module(String name) {
    ArchRule mayUse(String... others) {
      return classes()
          .that()
          .resideInAPackage(packageOf(name))
          .should()
          .onlyDependOnClassesThat(
              resideOutsideOfPackage("io.letsdata..")
                  .or(resideInAPackage("io.letsdata.options.."))
                  .or(resideInAPackage(packageOf(name)))
                  .or(resideInAPackage(packageOf("options")))
                  .or(resideInAnyPackage(packagesOf(others))))
          .as("module " + name + " may use of this project " + List.of(others))
          .because("so says the module map");
    }
  }

  private static ArchRule optionsUseTheJdk() {
    return classes()
        .that()
        .resideInAPackage(packageOf("options"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", packageOf("options"))
        .because("every module uses it");
  }

  private static Module module(String name) {
    return new Module(name);
  }

  private static String packageOf(String module) {
    return "io.letsdata." + module + "..";
  }

  private static String[] packagesOf(String... modules) {
    return Stream.of(modules).map(ArchitectureTest::packageOf).toArray(String[]::new);
  }

  private static DescribedPredicate<JavaClass> inSpark(String... names) {
    Set<String> classes =
        Stream.of(names).map("org.apache.spark."::concat).collect(Collectors.toSet());
    return DescribedPredicate.describe(
        "in Spark", c -> classes.contains(ClassRules.outermost(c).getName()));
  }
}
