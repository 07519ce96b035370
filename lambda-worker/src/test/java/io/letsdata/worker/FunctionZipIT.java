// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
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
  private static final Path BILL_OF_JARS = Path.of("target/function/letsdata-worker-jars.cdx.json");
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

  /** Every build writes one of the jars, so that a scanner always has it; -Psbom one with more. */
  @Test
  void billsOfMaterialsNameEveryJar() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode jars = BillOfMaterials.of(ZIP);
    assertThat(jars.path("components"))
        .hasSameSizeAs(entries())
        .allSatisfy(jar -> assertThat(jar.path("version").asText()).matches("\\d.*|unknown"));
    json.writerWithDefaultPrettyPrinter().writeValue(BILL_OF_JARS.toFile(), jars);

    for (Path bill : List.of(BILL_OF_JARS, BILL)) {
      List<String> named = new ArrayList<>(List.of("lambda-worker.jar"));
      if (Files.exists(bill)) {
        for (JsonNode component : json.readTree(bill.toFile()).path("components")) {
          named.add(component.path("name").asText() + ".jar");
        }
        assertThat(named)
            .as(bill.toString())
            .containsAll(entries().stream().map(FunctionZipIT::withoutVersion).toList());
      }
    }
  }

  @Test
  void unpackedZipStaysSmall() throws IOException {
    long bytes = entries().stream().mapToLong(ZipEntry::getSize).sum();

    assertThat(bytes).as("unpacked size of %s", ZIP).isLessThan(MAX_UNPACKED_BYTES);
  }

  /** Two builds of one commit have one SHA-256, wherever and whenever they were made. */
  @Test
  void zipDependsOnNeitherTimeNorPlace() throws IOException {
    LocalDateTime time = LocalDateTime.of(2026, 1, 1, 0, 0); // project.build.outputTimestamp
    List<String> places =
        List.of(Path.of("").toAbsolutePath().toString(), System.getProperty("user.home"));
    try (ZipFile zip = new ZipFile(ZIP.toFile())) {
      for (ZipEntry jar : zip.stream().toList()) {
        assertThat(jar.getTimeLocal()).as(jar.getName()).isEqualTo(time);
        if (!jar.getName().contains("-SNAPSHOT")) {
          continue;
        }
        try (ZipInputStream content = new ZipInputStream(zip.getInputStream(jar))) {
          for (ZipEntry e = content.getNextEntry(); e != null; e = content.getNextEntry()) {
            assertThat(e.getTimeLocal()).as("%s of %s", e, jar).isEqualTo(time);
            assertThat(new String(content.readAllBytes(), StandardCharsets.ISO_8859_1))
                .as("%s of %s", e, jar)
                .doesNotContain(places);
          }
        }
      }
    }
  }
}
