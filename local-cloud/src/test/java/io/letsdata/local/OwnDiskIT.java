// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** An environment whose disk no other one shares. */
class OwnDiskIT {
  private static TestCloud test;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    assumeTrue(LocalCloudOptions.canMount());
    test = TestCloud.start(folder, 1, spec -> spec, LocalCloudOptions.Builder::ownDisk);
  }

  @AfterAll
  static void stop() {
    if (test != null) {
      test.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative", "/var/tmp/letsdata-own-disk", "/letsdata-own-disk"})
  void onlyTmpCanBeWritten(String path) throws IOException {
    InvokeResponse response = test.invoke("touch", path);

    assertThat(response.payload().asUtf8String()).contains("Read-only file system");
  }

  @Test
  void tmpIsSeenByItsEnvironmentOnlyAndEndsWithIt() throws IOException {
    Path file = Path.of("/tmp/letsdata-own-disk");

    assertThat(test.invoke("touch", file.toString()).functionError()).isNull();
    assertThat(test.invoke("await", file.toString()).functionError()).isNull();
    assertThat(test.invoke("spill", "1").functionError()).isNull();
    assertThat(file).doesNotExist();
    test.endEnvironments();

    assertThat(test.invoke("append", file.toString()).functionError()).isNull();
    assertThat(Files.exists(file)).isFalse();
    assertThat(test.cloud().admin().coldStarts()).isGreaterThanOrEqualTo(2);
  }
}
