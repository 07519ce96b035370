// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A part of a version's list of files, stored once as an object of its own and never changed.
 * Versions share parts. Immutable.
 *
 * @param name of the object below the output's parts prefix, so it cannot be elsewhere
 * @param lengthBytes of the object
 * @param sha256 of its bytes, 64 hexadecimal digits: a reader refuses other bytes
 * @param files in it, at least 1
 * @param rows of all its files, when known
 * @param dataBytes sum of the files' lengths, when known
 * @param partitions bounds for the partitions of its files
 */
@Internal
public record PartRef(
    String name,
    long lengthBytes,
    String sha256,
    long files,
    OptionalLong rows,
    OptionalLong dataBytes,
    PartitionRange partitions) {
  /** Largest part in bytes. */
  public static final int MAX_BYTES = 64 * 1024 * 1024;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}\\.json");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public PartRef {
    if (!isName(name)) {
      throw new IllegalArgumentException("'" + name + "' is not the name of a part");
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("'" + sha256 + "' is not a SHA-256");
    }
    if (lengthBytes < 1 || lengthBytes > MAX_BYTES || files < 1) {
      throw new IllegalArgumentException(
          "part %s has %s bytes, %s files".formatted(name, lengthBytes, files));
    }
  }

  /** Whether a part can have this name. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }
}
