// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks function zips, once per content, below one folder. */
@Internal
public final class FunctionPackages {

  private final Path folder;

  public FunctionPackages(Path folder) {
    this.folder = folder;
  }

  /**
   * The zip's content, unpacked, and its digest. Costs one read of the zip when it is already
   * there.
   *
   * @throws IOException when the zip cannot be read or an entry points outside of it
   */
  public FunctionCode unpacked(Path zip) throws IOException {
    if (!Files.isRegularFile(zip)) {
      throw new IOException(
          "Cannot unpack the function package %s: no such file. Build it first.".formatted(zip));
    }
    byte[] digest = sha256(zip);
    Path target = folder.resolve(HexFormat.of().formatHex(digest).substring(0, 24));
    FunctionCode code = FunctionCode.of(target, zip, Base64.getEncoder().encodeToString(digest));
    if (Files.isDirectory(target)) {
      return code;
    }
    Files.createDirectories(folder);
    Path partial = Files.createTempDirectory(folder, "unpacking-");
    unpack(zip, partial);
    // Renamed when complete, so that a half-unpacked folder is never taken for a package.
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    return code;
  }

  private static void unpack(Path zip, Path target) throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException(
              "Cannot unpack the function package %s: entry %s points outside of it."
                  .formatted(zip, entry.getName()));
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent() == null ? target : file.getParent());
          Files.copy(in, file);
        }
      }
    }
  }

  private static byte[] sha256(Path file) throws IOException {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return ((DigestInputStream) in).getMessageDigest().digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
