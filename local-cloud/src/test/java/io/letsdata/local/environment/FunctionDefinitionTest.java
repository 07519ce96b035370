// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionDefinitionTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void createFunctionsInputIsRead() throws Exception {
    FunctionDefinition function =
        read(
            """
            {"FunctionName": "f", "Runtime": "java17", "Handler": "A::b", "MemorySize": 1769, "Timeout": 900,
             "EphemeralStorage": {"Size": 2048}, "Architectures": ["arm64"], "Role": "r", "SnapStart": {"ApplyOn": "None"},
             "Environment": {"Variables": {"A": "1"}}}
            """);

    assertThat(function)
        .isEqualTo(
            new FunctionDefinition(
                "f",
                "java17",
                "A::b",
                "arm64",
                new FunctionDefinition.Size(1769, Duration.ofMinutes(15), 2048),
                Map.of("A", "1")));
  }

  @Test
  void absentFieldsHaveTheDefaultsOfAws() throws Exception {
    FunctionDefinition function = read("{\"FunctionName\": \"f\", \"Handler\": \"A::b\"}");

    assertThat(function.memoryMb()).isEqualTo(128);
    assertThat(function.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(function.ephemeralStorageMb()).isEqualTo(512);
    assertThat(function.architecture()).isEqualTo("x86_64");
  }

  @Test
  void fileWithoutHandlerIsRefused() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read("{\"FunctionName\": \"f\"}"))
        .withMessageContaining("no Handler");
  }

  @Test
  void limitsOfAwsHold() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () -> read("{\"FunctionName\": \"f\", \"Handler\": \"A::b\", \"Timeout\": 901}"))
        .withMessageContaining("must be between 1 and 900 s");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () -> read("{\"FunctionName\": \"f\", \"Handler\": \"A::b\", \"MemorySize\": 64}"))
        .withMessageContaining("must be between 128 and 10240 MB");
  }

  @Test
  void changeOfTheSizeKeepsWhatItDoesNotName() throws Exception {
    FunctionDefinition.Size size = new FunctionDefinition.Size(1769, Duration.ofSeconds(60), 512);

    assertThat(size.updated(Json.MAPPER.readTree("{\"Timeout\": 900}")))
        .isEqualTo(new FunctionDefinition.Size(1769, Duration.ofMinutes(15), 512));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> size.updated(Json.MAPPER.readTree("{\"Handler\": \"A::c\"}")))
        .withMessageContaining("Cannot change Handler")
        .withMessageContaining("EphemeralStorage, MemorySize, Timeout");
  }

  private FunctionDefinition read(String json) throws IOException {
    return FunctionDefinition.read(Files.writeString(folder.resolve("f.json"), json));
  }
}
