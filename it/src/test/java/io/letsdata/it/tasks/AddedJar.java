// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** A jar that is on nobody's class path. */
public final class AddedJar {
  private AddedJar() {}

  /** Holds {@code note.txt} and a class {@code name} whose {@code hello()} says {@code answer}. */
  public static Path create(Path folder, String name, String answer) throws IOException {
    return create(folder, name, "", answer);
  }

  /** The same with more text between the name of the class and {@code hello()}. */
  public static Path create(Path folder, String name, String more, String answer)
      throws IOException {
    Path source =
        Files.writeString(
            folder.resolve(name + ".java"),
            "public class "
                + name
                + (more.isEmpty() ? " {" : more)
                + " public static String hello() { return \""
                + answer
                + "\"; } }");
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", folder.toString(), source.toString());
    if (failed != 0) {
      throw new IllegalStateException("Cannot compile " + source);
    }
    Path jar = folder.resolve(name + ".jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry(name + ".class"));
      out.write(Files.readAllBytes(folder.resolve(name + ".class")));
      out.putNextEntry(new ZipEntry("note.txt"));
      out.write("note".getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }
}
