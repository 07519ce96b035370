// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionPackagesTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void sameContentIsUnpackedOnce() throws Exception {
    FunctionPackages packages = new FunctionPackages(folder.resolve("packages"));
    Path one = zip("one.zip", "lib/a.jar");
    FunctionCode first = packages.unpacked(one);
    Files.writeString(first.root().resolve("mark"), "kept");

    FunctionCode second = packages.unpacked(zip("two.zip", "lib/a.jar"));

    assertThat(second).isEqualTo(first);
    assertThat(second.root().resolve("mark")).exists();
    assertThat(second.root().resolve("lib/a.jar")).hasContent("content of lib/a.jar");
    assertThat(Base64.getDecoder().decode(first.sha256()))
        .isEqualTo(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(one)));
  }

  @Test
  void entryOutsideOfThePackageIsRefused() throws Exception {
    Path zip = zip("bad.zip", "../escaped");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new FunctionPackages(folder.resolve("packages")).unpacked(zip))
        .withMessageContaining("points outside of it");
    assertThat(folder.resolve("packages/escaped")).doesNotExist();
  }

  private Path zip(String name, String entry) throws IOException {
    Path zip = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      ZipEntry header = new ZipEntry(entry);
      header.setTime(0);
      out.putNextEntry(header);
      out.write(("content of " + entry).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return zip;
  }
}
