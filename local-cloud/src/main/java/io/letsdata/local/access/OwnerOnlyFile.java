// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that only the user of this process can read. Stateless. */
@Internal
public final class OwnerOnlyFile {
  private OwnerOnlyFile() {}

  /** Writes a new file; one that has the name, or a link, is deleted before. */
  public static Path write(Path file, String content) throws IOException {
    return write(file, content.getBytes(UTF_8));
  }

  /** Writes a new file; one that has the name, or a link, is deleted before. */
  public static Path write(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file);
    Path created =
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.write(created, content);
  }
}
