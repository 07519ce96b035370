// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.architecture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of the house fails for a class that was written to break it. */
final class PlantedBreachesTest {
  private static final String STORE = "io.letsdata.store.planted";
  private static final String WORKER = "io.letsdata.worker.planted";

  @ParameterizedTest
  @MethodSource
  void ruleFailsForPlantedBreach(ArchRule rule, String breaches, String complaint) {
    var planted = new ClassFileImporter().importPackages(breaches);

    assertThatThrownBy(() -> rule.check(planted))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(complaint);
  }

  static Stream<Arguments> ruleFailsForPlantedBreach() {
    return Stream.of(
        arguments(ClassRules.packagesHaveNoCycle(), STORE, "Cycle detected"),
        arguments(ClassRules.packagesHaveAtMost(1, Set.of()), STORE, "has 2 classes"),
        arguments(ClassRules.publicTypesBearAMarker(), STORE, "EightParameters bears 0 markers"),
        arguments(ClassRules.publicSignaturesNameNothingInternal(), STORE, "names " + STORE),
        arguments(ClassRules.constructorsHaveFewParameters(), STORE, "has 8 parameters"),
        arguments(ClassRules.nothingUsesFixtures(), WORKER, "InMemoryObjectStore"),
        arguments(ClassRules.nothingReadsSiteFiles(), WORKER, "Configuration"),
        arguments(ArchitectureTest.onlyTheStoreUsesTheS3Client, WORKER, "S3Client"),
        arguments(ArchitectureTest.onlyInvokingUsesTheLambdaClient, WORKER, "LambdaAsyncClient"),
        arguments(
            ArchitectureTest.workerUsesTheProtocolTheShuffleAndTheStore, WORKER, "FunctionInfo"),
        arguments(ArchitectureTest.privateSparkStaysInPackagesNamedSpark, WORKER, "SparkEnv"),
        arguments(ArchitectureTest.onlyCommandsUseStandardStreams, WORKER, "System.out"),
        arguments(
            ArchitectureTest.writeUsesOfTheReaderOnlyItsDoor,
            "io.letsdata.write.planted",
            "LetsDataS3Source"));
  }
}
