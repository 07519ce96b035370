// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Arguments of a {@code java} command in a file that only this user can read. {@code ps} shows
 * every user the command line of every process, but of this one only the file's name. The name
 * cannot be foreseen. The file is deleted by {@link #close}, or when this JVM is asked to stop.
 */
final class ArgumentFile implements AutoCloseable {
  private final Path file;
  private final Thread onStop = new Thread(this::delete, "delete-arguments");

  private ArgumentFile(Path file) {
    this.file = file;
    Runtime.getRuntime().addShutdownHook(onStop);
  }

  /** Writes the arguments, in their order, to a new file in the folder for temporary files. */
  static ArgumentFile write(List<String> arguments) throws IOException {
    Path file =
        Files.createTempFile(
            "letsdata-submit-",
            ".args",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    ArgumentFile written = new ArgumentFile(file);
    try {
      // The launcher reads it as it reads a command line.
      Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
      String text = arguments.stream().map(ArgumentFile::quoted).collect(Collectors.joining("\n"));
      Files.write(file, (text + "\n").getBytes(charset));
      return written;
    } catch (IOException | RuntimeException e) {
      written.close();
      throw e;
    }
  }

  /** The argument of {@code java} that stands for those in the file. */
  String argument() {
    return "@" + file;
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

  /** As the page of the {@code java} command has it, "java Command-Line Argument Files". */
  private static String quoted(String argument) {
    return '"'
        + argument
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
        + '"';
  }
}
