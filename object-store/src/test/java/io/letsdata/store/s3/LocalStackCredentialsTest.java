// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.store.StoreSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

final class LocalStackCredentialsTest {
  private static final String PROPERTY = "spark.letsdata.credentials-file";
  private static final URI ENDPOINT = URI.create("http://127.0.0.1:9000");
  private static final AwsBasicCredentials IDENTITY = AwsBasicCredentials.create("AKID", "hidden");

  @TempDir Path folder = Path.of("");

  @AfterEach
  void forgetTheFile() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void identityIsThatOfTheFileInTheSettings() throws Exception {
    LocalStackCredentials credentials =
        LocalStackCredentials.of(StoreSettings.localStack(ENDPOINT, file()));

    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo(IDENTITY.accessKeyId());
    assertThat(credentials.resolveCredentials().secretAccessKey())
        .isEqualTo(IDENTITY.secretAccessKey());
  }

  @Test
  void fileSystemThatNamesTheClassFindsTheFileOfTheDriver() throws Exception {
    System.setProperty(PROPERTY, file().toString());

    assertThat(LocalStackCredentials.create().resolveCredentials().secretAccessKey())
        .isEqualTo(IDENTITY.secretAccessKey());
  }

  @Test
  void fileOfAStackThatHasEndedIsNamedWithTheRemedy() {
    Path gone = folder.resolve("gone");
    LocalStackCredentials credentials =
        LocalStackCredentials.of(StoreSettings.localStack(ENDPOINT, gone));

    assertThatThrownBy(credentials::resolveCredentials)
        .isInstanceOf(SdkClientException.class)
        .hasMessage(
            "Unable to load credentials of the local stack from "
                + gone
                + ", which cannot be read. Start the stack, and take the conf of this start.");
  }

  @Test
  void fileSystemThatNamesTheClassNamesTheMissingSetting() {
    LocalStackCredentials credentials = LocalStackCredentials.create();

    assertThatThrownBy(credentials::resolveCredentials)
        .isInstanceOf(SdkClientException.class)
        .hasMessage(
            "Unable to load credentials of the local stack: spark.letsdata.credentials-file is not set.");
  }

  private Path file() throws Exception {
    return Files.writeString(
        folder.resolve("credentials"),
        "[default]\naws_access_key_id = AKID\naws_secret_access_key = hidden\n");
  }
}
