// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compares the class path that {@code letsdata classpath} prints with the jars of the function. An
 * exception of a worker reaches the driver only when the driver has its class.
 */
@Tag("command")
final class DriverClassPathIT {
  private static final Path FUNCTION = Path.of(System.getProperty("letsdata.function", ""));
  private static final Path DRIVER = Path.of(System.getProperty("letsdata.driver.lib", ""));

  @Test
  void driverCanLoadEveryClassOfTheFunctionButTheWorkersOwn() throws Exception {
    Set<String> onlyInTheFunction = functionClasses();
    assertThat(onlyInTheFunction).hasSizeGreaterThan(10_000);

    onlyInTheFunction.removeAll(driverClasses());

    onlyInTheFunction.removeIf(name -> name.startsWith("io/letsdata/worker/"));
    assertThat(onlyInTheFunction).isEmpty();
  }

  @Test
  void driverCanReadWarcAndS3a() throws Exception {
    assertThat(driverClasses())
        .contains(
            "org/netpreserve/jwarc/WarcParser.class",
            "org/apache/hadoop/fs/s3a/S3AFileSystem.class");
  }

  private static Set<String> driverClasses() throws IOException {
    Set<String> classes = new TreeSet<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(DRIVER, "*.jar")) {
      for (Path jar : jars) {
        try (InputStream in = Files.newInputStream(jar)) {
          addClasses(in, classes);
        }
      }
    }
    return classes;
  }

  private static Set<String> functionClasses() throws IOException {
    Set<String> classes = new TreeSet<>();
    try (ZipFile zip = new ZipFile(FUNCTION.resolve("letsdata-worker.zip").toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (entry.getName().endsWith(".jar")) {
          try (InputStream in = zip.getInputStream(entry)) {
            addClasses(new ByteArrayInputStream(in.readAllBytes()), classes);
          }
        }
      }
    }
    return classes;
  }

  private static void addClasses(InputStream jar, Set<String> classes) throws IOException {
    ZipInputStream in = new ZipInputStream(jar);
    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      String name = entry.getName();
      if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
        classes.add(name);
      }
    }
  }
}
