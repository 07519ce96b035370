// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.options.Evolving;
import io.letsdata.store.StoreOptions;
import io.letsdata.store.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * The identity of a local stack, which has another one at each start. A function of the stack has
 * it in its environment; a driver reads the file that {@code spark.letsdata.credentials-file}
 * names. Hadoop's {@code fs.s3a.aws.credentials.provider} can name this class; a driver then finds
 * the file in the system property of that name, which {@code spark-submit} sets. Thread-safe; the
 * file is read once.
 */
@Evolving
public final class LocalStackCredentials implements AwsCredentialsProvider {

  /** A variable that every function has (AWS Lambda developer guide). */
  private static final String IN_FUNCTION = "AWS_LAMBDA_FUNCTION_NAME";

  private final Optional<String> file;
  private volatile @Nullable AwsCredentials read;

  public LocalStackCredentials() {
    this(Optional.ofNullable(System.getProperty(StoreOptions.CREDENTIALS_FILE.key())));
  }

  private LocalStackCredentials(Optional<String> file) {
    this.file = file;
  }

  /** For libraries that look for this method before the constructor. */
  public static LocalStackCredentials create() {
    return new LocalStackCredentials();
  }

  /** The identity for a client with these settings. Reads nothing yet. */
  public static LocalStackCredentials of(StoreSettings settings) {
    return new LocalStackCredentials(settings.credentialsFile());
  }

  /**
   * @throws SdkClientException when no file is known, or when it cannot be read, which is so when
   *     the stack has ended
   */
  @Override
  public AwsCredentials resolveCredentials() {
    AwsCredentials known = read;
    if (known == null) {
      known = find();
      read = known;
    }
    return known;
  }

  private AwsCredentials find() {
    if (System.getenv(IN_FUNCTION) != null) {
      return EnvironmentVariableCredentialsProvider.create().resolveCredentials();
    }
    return fromFile(
        Path.of(
            file.orElseThrow(
                () ->
                    SdkClientException.create(
                        "Unable to load credentials of the local stack: %s is not set."
                            .formatted(StoreOptions.CREDENTIALS_FILE.key())))));
  }

  private static AwsCredentials fromFile(Path file) {
    if (!Files.isReadable(file)) {
      throw SdkClientException.create(
          "Unable to load credentials of the local stack from %s, which cannot be read. Start the stack, and take the conf of this start."
              .formatted(file));
    }
    ProfileFile profiles =
        ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build();
    try (ProfileCredentialsProvider provider =
        ProfileCredentialsProvider.builder().profileFile(profiles).profileName("default").build()) {
      return provider.resolveCredentials();
    }
  }
}
