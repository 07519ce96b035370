// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.internals;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SecurityManager$;
import org.apache.spark.SparkConf;

/** The secret with which connections to the driver authenticate. Stateless. */
@Internal
public final class DriverSecret {
  private static final String AUTHENTICATE = "spark.authenticate";
  private static final String SECRET = "spark.authenticate.secret";

  private DriverSecret() {}

  /**
   * Puts {@code spark.authenticate.secret} where the driver's servers find it when the conf has it
   * no more: among the credentials of the process's user, as Spark does for other masters
   * (SecurityManager.initializeAuth, 3.5.9). They do not travel. Nothing happens unless {@code
   * spark.authenticate} is on.
   */
  public static void keep(SparkConf conf) {
    if (!conf.getBoolean(AUTHENTICATE, false) || !conf.contains(SECRET)) {
      return;
    }
    Credentials credentials = new Credentials();
    credentials.addSecretKey(
        SecurityManager$.MODULE$.SECRET_LOOKUP_KEY(), conf.get(SECRET).getBytes(UTF_8));
    try {
      UserGroupInformation.getCurrentUser().addCredentials(credentials);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot find the user of this process", e);
    }
  }
}
