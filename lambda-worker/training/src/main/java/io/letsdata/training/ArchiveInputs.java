// SPDX-License-Identifier: Apache-2.0
package io.letsdata.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The inputs of an archive as text, to see whether one has changed. */
final class ArchiveInputs {
  private ArchiveInputs() {}

  /**
   * The package and its flags by content, the JVM by version, and the runtime client's jars as the
   * JVM checks them when it maps an archive: path, size and time of change.
   */
  static String describe(Path function, Path runtime) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(System.getProperty("java.home"))
        .append(' ')
        .append(Runtime.version())
        .append(System.lineSeparator());
    for (String file : List.of("letsdata-worker.zip", "create-function.json")) {
      text.append(file)
          .append(' ')
          .append(crc(function.resolve(file)))
          .append(System.lineSeparator());
    }
    try (Stream<Path> jars = Files.list(runtime)) {
      for (Path jar : jars.sorted().toList()) {
        text.append(jar.toAbsolutePath())
            .append(' ')
            .append(Files.size(jar))
            .append(' ')
            .append(Files.getLastModifiedTime(jar).toMillis())
            .append(System.lineSeparator());
      }
    }
    return text.toString();
  }

  private static String crc(Path file) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[1 << 16];
    try (var in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
      }
    }
    return Long.toHexString(crc.getValue());
  }
}
