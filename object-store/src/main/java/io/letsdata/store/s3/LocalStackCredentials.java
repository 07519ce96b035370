// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.options.Evolving;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * The public identity of the local stack. It is not a secret: the local stack listens on this
 * machine only and has no other identity. Hadoop's {@code fs.s3a.aws.credentials.provider} can name
 * this class.
 */
@Evolving
public final class LocalStackCredentials implements AwsCredentialsProvider {

  /** The access key id. */
  public static final String ACCESS_KEY = "letsdata-local";

  /** The matching key, public on purpose. */
  public static final String SECRET_KEY = "letsdata-local-secret";

  public LocalStackCredentials() {}

  /** For libraries that look for this method before the constructor. */
  public static LocalStackCredentials create() {
    return new LocalStackCredentials();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY);
  }
}
