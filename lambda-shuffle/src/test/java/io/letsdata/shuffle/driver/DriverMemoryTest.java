// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The driver's heap for offsets, in a process that has no more; RESULTS.md has the figures. */
final class DriverMemoryTest {
  /** 140 MB of indexes, a fifth of the full size, which the heap could not hold. */
  @Tag("slow")
  @Test
  @Timeout(600)
  void tenThousandMapsOfTwoThousandPartitionsFitAHeapOf100Megabytes(@TempDir Path folder)
      throws Exception {
    assertThat(run(folder, 2_000, 4 << 20, "100m")).startsWith("10000 x 2000: 1");
  }

  /** 700 MB of indexes. A minute: run with {@code -Dletsdata.exchange.full=true}. */
  @Test
  @Timeout(1800)
  @EnabledIfSystemProperty(named = "letsdata.exchange.full", matches = "true")
  void tenThousandMapsOfTenThousandPartitionsFitAHeapOf400Megabytes(@TempDir Path folder)
      throws Exception {
    assertThat(run(folder, 10_000, DriverBounds.DEFAULT.indexBytes(), "400m"))
        .startsWith("10000 x 10000: 7");
  }

  private static String run(Path folder, int partitions, long indexBytes, String heap)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC", // of two cores; no humongous regions
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                DriverMemory.class.getName(),
                String.valueOf(partitions),
                String.valueOf(indexBytes),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      System.out.println(output);
      return output.lines().reduce((first, last) -> last).orElse("");
    } finally {
      process.destroyForcibly();
    }
  }
}
