// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file with arguments or settings that only this user can read. {@code ps} shows every user the
 * command line of every process, but of these values only the file's name. The name cannot be
 * foreseen. The file is deleted by {@link #close}, or when this JVM is asked to stop.
 */
final class PrivateFile implements AutoCloseable {
  private final Path file;
  private final Thread onStop = new Thread(this::delete, "delete-private-file");

  private PrivateFile(Path file) {
    this.file = file;
    Runtime.getRuntime().addShutdownHook(onStop);
  }

  /** Writes a new file in the folder for temporary files. */
  static PrivateFile write(String suffix, byte[] content) throws IOException {
    Path file =
        Files.createTempFile(
            "letsdata-submit-",
            suffix,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    PrivateFile written = new PrivateFile(file);
    try {
      Files.write(file, content);
      return written;
    } catch (IOException | RuntimeException e) {
      written.close();
      throw e;
    }
  }

  Path path() {
    return file;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onStop);
    } catch (IllegalStateException e) {
      // The JVM is stopping: the hook deletes the file as well.
    }
    delete();
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + file + ". Delete it.", e);
    }
  }
}
