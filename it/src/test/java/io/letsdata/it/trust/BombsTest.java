// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A small input costs little: every decoder refuses its bombs in a JVM of 256 MB. */
@Timeout(120)
final class BombsTest {
  /** A crawler's odd message is a record with what is there of it, and not an error. */
  private static final List<String> MAY_BE_DECODED =
      List.of("decoded: HTTP chunk that claims all", "decoded: HTTP head of 40 MiB");

  @Test
  void bombsAreRefusedInLittleMemory() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Bombs.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines().filter(line -> line.startsWith("harm:"))).as(output).isEmpty();
    assertThat(output.lines().filter(line -> line.startsWith("decoded: ")))
        .as(output)
        .containsExactlyElementsOf(MAY_BE_DECODED);
    assertThat(output.lines().filter(line -> line.startsWith(Bombs.HARMLESS)))
        .as(output)
        .hasSizeGreaterThan(20);
  }
}
