// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The code of a function on this machine.
 *
 * @param root folder of the unpacked package
 * @param sha256 of the zip, in Base64, as Lambda shows it
 * @param archive class archive that the JVM starts with; a JVM that it does not fit ignores it
 */
@Internal
public record FunctionCode(Path root, String sha256, Optional<Path> archive) {

  /** The unpacked package with the archive that lies beside its zip, if there is one. */
  public static FunctionCode of(Path root, Path zip, String sha256) {
    String name = zip.getFileName().toString().replaceFirst("\\.zip$", "") + ".jsa";
    return new FunctionCode(
        root, sha256, Optional.of(zip.resolveSibling(name)).filter(Files::isRegularFile));
  }
}
