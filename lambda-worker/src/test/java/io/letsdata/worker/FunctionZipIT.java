// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** The content of the function's zip, as {@code package} has built it. */
final class FunctionZipIT {
  private static final Path ZIP = Path.of("target/function/letsdata-worker.zip");
  private static final Path BILL = Path.of("target/function/letsdata-worker.cdx.json");
  private static final Path JARS = Path.of("src/test/resources/function-jars.txt");

  /** Lambda's limit is 250 MB; jars of users, and growth, need the rest. */
  private static final long MAX_UNPACKED_BYTES = 163_000_000;

  /** The last number with a dot begins the version: {@code log4j-1.2-api-2.20.0.jar}. */
  private static final Pattern VERSION = Pattern.compile("(.*)-\\d+\\.\\d.*(\\.jar)");

  private static List<? extends ZipEntry> entries() throws IOException {
    try (ZipFile zip = new ZipFile(ZIP.toFile())) {
      return zip.stream().filter(entry -> !entry.isDirectory()).toList();
    }
  }

  private static String withoutVersion(ZipEntry jar) {
    String name = Path.of(jar.getName()).getFileName().toString();
    Matcher versioned = VERSION.matcher(name);
    return versioned.matches() ? versioned.group(1) + versioned.group(2) : name;
  }

  @Test
  void zipHoldsExactlyTheListedJars() throws IOException {
    List<String> listed =
        Files.readAllLines(JARS).stream().filter(line -> !line.startsWith("#")).toList();

    List<String> packed = entries().stream().map(FunctionZipIT::withoutVersion).sorted().toList();

    assertThat(packed)
        .as("jars in %s; list a jar in %s only when a task loads its classes", ZIP, JARS)
        .isEqualTo(listed);
  }

  /** Both projects name their jar alike and have the same packages; the flaws are in one. */
  @Test
  void lz4IsTheOneThatIsStillRepaired() throws IOException {
    try (ZipFile zip = new ZipFile(ZIP.toFile())) {
      ZipEntry lz4 =
          entries().stream()
              .filter(jar -> withoutVersion(jar).equals("lz4-java.jar"))
              .findFirst()
              .orElseThrow();

      List<String> names = new ArrayList<>();
      try (ZipInputStream jar = new ZipInputStream(zip.getInputStream(lz4))) {
        for (ZipEntry e = jar.getNextEntry(); e != null; e = jar.getNextEntry()) {
          names.add(e.getName());
        }
      }
      assertThat(names)
          .as("entries of %s", lz4)
          .contains("META-INF/maven/at.yawk.lz4/lz4-java/pom.properties");
    }
  }

  @Test
  void billOfMaterialsNamesEveryJar() throws IOException {
    assumeTrue(Files.exists(BILL), "-Psbom makes " + BILL);
    List<String> named = new ArrayList<>(List.of("lambda-worker.jar"));
    for (JsonNode component : new ObjectMapper().readTree(BILL.toFile()).path("components")) {
      named.add(component.path("name").asText() + ".jar");
    }

    assertThat(named).containsAll(entries().stream().map(FunctionZipIT::withoutVersion).toList());
  }

  @Test
  void unpackedZipStaysSmall() throws IOException {
    long bytes = entries().stream().mapToLong(ZipEntry::getSize).sum();

    assertThat(bytes).as("unpacked size of %s", ZIP).isLessThan(MAX_UNPACKED_BYTES);
  }
}
