// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
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

    files.delete(Set.of());

    assertThat(names()).isEmpty();
  }

  @Test
  void olderFilesAndSparksRootFolderStay() throws IOException {
    Files.writeString(folder.resolve("older"), "x");
    TemporaryFiles files = TemporaryFiles.since(folder);
    Path root = Files.createDirectories(folder.resolve("spark-4711"));
    Files.writeString(Files.createDirectories(root.resolve("deep")).resolve("file"), "x");
    Files.writeString(folder.resolve("newer"), "x");

    files.delete(Set.of(root));

    assertThat(names()).containsExactly("older", "spark-4711");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void sparksRootFolderIsEmptiedAfterALaterApplicationToo() throws IOException {
    Path root = Files.createDirectories(folder.resolve("spark-4711"));
    TemporaryFiles files = TemporaryFiles.since(folder);
    Files.writeString(root.resolve("file"), "x");

    files.delete(Set.of(root));

    assertThat(root).isEmptyDirectory();
  }

  @Test
  void nativeLibrariesAndFoldersWithANameLikeSparksAreDeleted() throws IOException {
    TemporaryFiles files = TemporaryFiles.since(folder);
    Files.writeString(folder.resolve("libzstd-jni.so"), "x");
    Files.createDirectories(folder.resolve("spark-4711"));

    files.delete(Set.of());

    assertThat(names()).isEmpty();
  }

  @Test
  void missingFolderIsNoError() throws IOException {
    Path missing = Files.createDirectories(folder.resolve("folder"));
    TemporaryFiles files = TemporaryFiles.since(missing);
    Files.delete(missing);

    files.delete(Set.of());

    assertThat(names()).isEmpty();
  }

  @Test
  void sizeIsThatOfTheFileSystem() throws IOException {
    assertThat(TemporaryFiles.since(folder).totalBytes()).isPositive();
  }
}
