// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decides what is a secret, by its key and by its value. This is the only rule of this project;
 * secrets are left out or refused where data leave the driver, and the driver's own settings stay.
 *
 * <ul>
 *   <li>Spark's: a key in which {@code spark.redaction.regex} finds a match (Utils.redact, Spark
 *       3.5.9). The pattern's own setting is none, and the name of a bucket in a key does not
 *       count.
 *   <li>A value that assigns to such a name, as {@code jdbc:…?password=x} or {@code {"token":"x"}}
 *       do. The name alone is none: {@code id,token_count} is a list of columns. A session that
 *       sets its own pattern means it as it is, also for values.
 *   <li>No value of Spark's own or our settings that name an application, classes, files or places
 *       ({@code spark.app.name}, {@code spark.sql.extensions}, {@code spark.jars}).
 *   <li>Hadoop's: the keys of {@code hadoop.security.sensitive-config-keys} (core-default.xml,
 *       Hadoop 3.4.3), of which those of S3A's static identity are one part.
 * </ul>
 *
 * <p>Immutable.
 */
@Internal
public final class SecretRule {
  /** Spark's setting of the pattern. */
  public static final String PATTERN_KEY = "spark.redaction.regex";

  /** Default of spark.redaction.regex (internal/config/package.scala, Spark 3.5.9). */
  private static final String DEFAULT_PATTERN = "(?i)secret|password|token|access[.]?key";

  private static final String HADOOP_PREFIX = "spark.hadoop.";

  /** Static keys of S3A, for all buckets or for one. */
  private static final Pattern STATIC_S3A =
      Pattern.compile("fs\\.s3a\\.(.*\\.)?(access\\.key|secret\\.key|session\\.token)");

  /** Default of hadoop.security.sensitive-config-keys; Hadoop looks for a match in the key. */
  private static final Pattern HADOOP =
      Pattern.compile(
          String.join(
              "|",
              "secret$",
              "password$",
              "ssl.keystore.pass$",
              "fs.s3a.server-side-encryption.key",
              "fs.s3a.*.server-side-encryption.key",
              "fs.s3a.encryption.algorithm",
              "fs.s3a.encryption.key",
              "fs.s3a.secret.key",
              "fs.s3a.*.secret.key",
              "fs.s3a.session.key",
              "fs.s3a.*.session.key",
              "fs.s3a.session.token",
              "fs.s3a.*.session.token",
              "fs.azure.account.key.*",
              "fs.azure.oauth2.*",
              "fs.adl.oauth2.*",
              "fs.gs.encryption.*",
              "fs.gs.proxy.*",
              "fs.gs.auth.*",
              "credential$",
              "oauth.*secret",
              "oauth.*password",
              "oauth.*token"));

  /** Follows a name in a value that assigns to it. */
  private static final String ASSIGNED = "[\\w.-]*(?:\\s*=|[\"']\\s*:)\\s*\\S";

  /** Settings whose values are names. */
  private static final List<String> NAMES =
      List.of(
          "spark.app.",
          "spark.archives",
          "spark.files",
          "spark.jars",
          Option.PREFIX,
          "spark.master",
          "spark.sql.",
          "spark.submit.");

  /** Settings of plug-ins, whose values may be URLs with a password. */
  private static final String CATALOG = "spark.sql.catalog.";

  /** A bucket's own settings of S3A, {@code fs.s3a.bucket.<name>.<setting>}. */
  private static final Pattern OF_A_BUCKET = Pattern.compile("fs\\.s3a\\.bucket\\.[^.]+\\.");

  private final Pattern pattern;
  private final Pattern values;
  private final Pattern assigned;

  private SecretRule(Pattern pattern, Pattern values) {
    this.pattern = pattern;
    this.values = values;
    this.assigned =
        Pattern.compile(
            "(?<before>(?:"
                + pattern.pattern()
                + ")[\\w.-]*[\"']?\\s*[=:]\\s*)(?:\"[^\"\\n]*\"?|'[^'\\n]*'?|[^\\s,;&]+)");
  }

  /**
   * The rule of a session.
   *
   * @param pattern what the session has under {@link #PATTERN_KEY}; Spark's default when empty
   * @throws java.util.regex.PatternSyntaxException when it is no pattern, as Spark itself does
   */
  public static SecretRule of(Optional<String> pattern) {
    return new SecretRule(
        Pattern.compile(pattern.orElse(DEFAULT_PATTERN)),
        Pattern.compile(pattern.orElse("(?:" + DEFAULT_PATTERN + ")" + ASSIGNED)));
  }

  /** Whether the setting is a secret, by its key or by its value. */
  public boolean isSecret(String key, String value) {
    return isSecretKey(key)
        || (!key.equals(PATTERN_KEY) && !isName(key) && values.matcher(value).find());
  }

  /** Whether every value of this key is a secret. */
  public boolean isSecretKey(String key) {
    return !key.equals(PATTERN_KEY)
        && (isStaticS3aKey(key) || matches(OF_A_BUCKET.matcher(key).replaceFirst("fs.s3a.")));
  }

  /** Whether the text may be the key or the value of a secret, or hold one. */
  public boolean isSuspect(String text) {
    return matches(text);
  }

  /**
   * The text with {@code ***} in the place of each value that is assigned to the name of a secret,
   * as in {@code password=x}, {@code "token": "x"} and {@code secret: x}: for logs and messages of
   * others. A value ends at its quote, or at a space, a comma, a semicolon or an ampersand.
   */
  public String hidden(String text) {
    return assigned.matcher(text).replaceAll("${before}***");
  }

  private static boolean isName(String key) {
    return NAMES.stream().anyMatch(key::startsWith) && !key.startsWith(CATALOG);
  }

  /**
   * Whether Hadoop would redact this key of its configuration; {@code spark.hadoop.} before it does
   * not count.
   */
  public static boolean isSensitiveInHadoop(String key) {
    return HADOOP.matcher(hadoopKey(key)).find();
  }

  /**
   * Whether the key holds a part of a static identity for S3A; {@code spark.hadoop.} before it does
   * not count.
   */
  public static boolean isStaticS3aKey(String key) {
    return STATIC_S3A.matcher(hadoopKey(key)).matches();
  }

  private boolean matches(String text) {
    return pattern.matcher(text).find();
  }

  private static String hadoopKey(String key) {
    return key.startsWith(HADOOP_PREFIX) ? key.substring(HADOOP_PREFIX.length()) : key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretRule rule && rule.pattern.pattern().equals(pattern.pattern());
  }

  @Override
  public int hashCode() {
    return pattern.pattern().hashCode();
  }

  @Override
  public String toString() {
    return "secrets match " + pattern.pattern();
  }
}
