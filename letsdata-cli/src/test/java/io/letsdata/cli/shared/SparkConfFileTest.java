// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkConfFileTest {
  @TempDir Path folder = Path.of("");

  @Test
  void writtenConfIsReadBack() {
    Map<String, String> conf =
        Map.of(
            "spark.master", "local-lambda://worker",
            "spark.letsdata.s3.endpoint", "http://127.0.0.1:8080",
            "spark.app.name", "a name with spaces = and \\ signs");
    Path file = folder.resolve("spark.conf");

    SparkConfFile.write(file, conf);

    assertThat(SparkConfFile.read(file)).isEqualTo(conf);
    assertThat(folder)
        .isDirectoryContaining(path -> path.equals(file))
        .isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void writtenConfIsForItsUserOnlyAlsoWhenItReplacesAnOpenFile() throws Exception {
    Path file = folder.resolve("spark.conf");
    Files.writeString(file, "spark.a 1\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    SparkConfFile.write(file, Map.of("spark.a", "2"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(SparkConfFile.read(file)).isEqualTo(Map.of("spark.a", "2"));
  }

  @Test
  void linkThatHasTheNameIsReplacedAndItsTargetStays() throws Exception {
    Path target = Files.writeString(folder.resolve("target"), "theirs");
    Path file = Files.createSymbolicLink(folder.resolve("spark.conf"), target);
    Path predictable = Files.createSymbolicLink(folder.resolve("spark.conf.new"), target);

    SparkConfFile.write(file, Map.of("spark.a", "2"));

    assertThat(target).hasContent("theirs");
    assertThat(predictable).isSymbolicLink();
    assertThat(file).isRegularFile();
    assertThat(Files.isSymbolicLink(file)).isFalse();
  }

  @Test
  void formsThatSparkReadsAreRead() throws Exception {
    Path file = folder.resolve("spark.conf");
    Files.writeString(file, "# comment\n\nspark.a   1\nspark.b=2\nspark.c: 3 \n");

    assertThat(SparkConfFile.read(file))
        .isEqualTo(Map.of("spark.a", "1", "spark.b", "2", "spark.c", "3"));
  }

  @Test
  void aKeyThatSparkWouldIgnoreIsRefused() throws Exception {
    Path file = folder.resolve("spark.conf");
    Files.writeString(file, "sparkmaster x\n");

    assertThatThrownBy(() -> SparkConfFile.read(file))
        .isInstanceOf(CliException.class)
        .hasMessage(
            "Cannot use conf file "
                + file
                + ": key 'sparkmaster' does not start with 'spark.'. Remove it.");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path file = folder.resolve("absent").resolve("spark.conf");

    assertThatThrownBy(() -> SparkConfFile.write(file, Map.of()))
        .isInstanceOf(CliException.class)
        .hasMessage(
            "Cannot write conf file "
                + file
                + ": no such file or folder. Name a file in a folder that exists.");
  }
}
