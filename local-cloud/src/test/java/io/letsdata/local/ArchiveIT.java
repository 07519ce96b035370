// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class archive beside the package. */
class ArchiveIT {

  @Test
  void archiveThatDoesNotFitIsPassedOver(@TempDir Path folder) throws Exception {
    Path archive = Files.writeString(folder.resolve("toy.jsa"), "not an archive");

    try (TestCloud test = TestCloud.start(folder, 1)) {
      assertThat(TestCloud.members(test.invoke("flags", "")).get("flags"))
          .contains("-Xshare:auto", "-XX:SharedArchiveFile=" + archive);
      assertThat(TestCloud.members(test.invoke("echo", "hello"))).containsEntry("echo", "hello");
    }
  }

  @Test
  void functionsOwnArchiveWins(@TempDir Path folder) throws Exception {
    Path beside = Files.writeString(folder.resolve("toy.jsa"), "not an archive");

    try (TestCloud test =
        TestCloud.start(
            folder,
            1,
            spec -> spec.withEnvironment("JAVA_TOOL_OPTIONS", "-XX:SharedArchiveFile=/var/none"),
            options -> options)) {
      assertThat(TestCloud.members(test.invoke("flags", "")).get("flags"))
          .contains("/var/none")
          .doesNotContain(beside.toString());
    }
  }
}
