// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that an application leaves in the function's /tmp: every file that was made since the
 * application started.
 */
final class TemporaryFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFiles.class);

  private final Path folder;
  private final Set<Path> before;

  private TemporaryFiles(Path folder, Set<Path> before) {
    this.folder = folder;
    this.before = before;
  }

  /** Files that are made from now on. */
  static TemporaryFiles since(Path folder) throws IOException {
    return new TemporaryFiles(folder, new HashSet<>(entries(folder)));
  }

  /** Size of the file system in bytes: the function's EphemeralStorage. */
  long totalBytes() {
    return folder.toFile().getTotalSpace();
  }

  /**
   * Deletes them, as far as possible. A native library that is loaded needs its file no more.
   *
   * @param roots folders that stay, empty: Spark remembers its own for the life of the process
   *     (Utils.localRootDirs, 3.5.9)
   */
  void delete(Set<Path> roots) {
    try {
      for (Path root : roots) {
        for (Path entry : entries(root)) {
          deleteTree(entry);
        }
      }
      for (Path entry : entries(folder)) {
        if (!before.contains(entry) && !roots.contains(entry)) {
          deleteTree(entry);
        }
      }
    } catch (IOException e) {
      LOG.warn("Cannot clean {}", folder, e);
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (File file : files.sorted(Comparator.reverseOrder()).map(Path::toFile).toList()) {
        boolean unused = file.delete();
      }
    }
  }
}
