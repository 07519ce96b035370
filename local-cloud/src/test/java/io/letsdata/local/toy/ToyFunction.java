// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.toy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packages {@link ToyHandler} as a Java function zip: a jar below {@code lib/}, a file at the root.
 */
public final class ToyFunction {

  private final Path folder;

  private ToyFunction(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the zip and the definition, with 128 MB more than a small JVM needs and a timeout of 60
   * s.
   */
  public static ToyFunction write(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    String classFile = "io/letsdata/local/toy/ToyHandler.class";
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(jar);
        InputStream in = ToyFunction.class.getClassLoader().getResourceAsStream(classFile)) {
      out.putNextEntry(new ZipEntry(classFile));
      out.write(java.util.Objects.requireNonNull(in).readAllBytes());
    }
    try (ZipOutputStream out =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("toy.zip")))) {
      out.putNextEntry(new ZipEntry("lib/toy.jar"));
      out.write(jar.toByteArray());
      out.putNextEntry(new ZipEntry("root.txt"));
      out.write("at the task root".getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(
        folder.resolve(name + ".json"),
        """
        {"FunctionName": "%s", "Runtime": "java17", "Handler": "io.letsdata.local.toy.ToyHandler::handleRequest",
         "MemorySize": 256, "Timeout": 60, "EphemeralStorage": {"Size": 1024}, "Architectures": ["x86_64"],
         "Role": "arn:aws:iam::000000000000:role/none",
         "Environment": {"Variables": {"TOY": "yes"}}}
        """
            .formatted(name));
    return new ToyFunction(folder);
  }

  /** The function package. */
  public Path zip() {
    return folder.resolve("toy.zip");
  }

  /** {@code create-function.json} of the function {@code name}. */
  public Path definition(String name) {
    return folder.resolve(name + ".json");
  }
}
