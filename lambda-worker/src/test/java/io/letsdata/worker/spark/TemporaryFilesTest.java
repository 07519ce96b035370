// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemporaryFilesTest {
  private final Path folder;

  TemporaryFilesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void filesAndFoldersOfTheApplicationAreDeleted() throws IOException {
    TemporaryFiles files = TemporaryFiles.since(folder);
    Files.writeString(folder.resolve("job.jar"), "x");
    Files.createDirectories(folder.resolve("unpacked/deep"));
    Files.writeString(folder.resolve("unpacked/deep/file"), "x");

    files.delete();

    assertThat(names()).isEmpty();
  }

  @Test
  void olderFilesNativeLibrariesAndSparksRootFolderStay() throws IOException {
    Files.writeString(folder.resolve("older"), "x");
    TemporaryFiles files = TemporaryFiles.since(folder);
    Files.writeString(folder.resolve("libzstd-jni.so"), "x");
    Files.createDirectories(folder.resolve("spark-4711"));
    Files.writeString(folder.resolve("newer"), "x");

    files.delete();

    assertThat(names()).containsExactly("libzstd-jni.so", "older", "spark-4711");
  }

  @Test
  void missingFolderIsNoError() throws IOException {
    Path missing = Files.createDirectories(folder.resolve("folder"));
    TemporaryFiles files = TemporaryFiles.since(missing);
    Files.delete(missing);

    files.delete();

    assertThat(names()).isEmpty();
  }

  @Test
  void sizeIsThatOfTheFileSystem() throws IOException {
    assertThat(TemporaryFiles.since(folder).totalBytes()).isPositive();
  }
}
