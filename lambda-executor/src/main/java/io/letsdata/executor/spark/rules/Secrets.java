// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** Tells secrets by Spark's own redaction pattern ({@code spark.redaction.regex}). Pure. */
public final class Secrets {
  private static final String KEY = "spark.redaction.regex";

  /** Default of spark.redaction.regex, internal/config/package.scala, Spark 3.5.9. */
  private static final String DEFAULT = "(?i)secret|password|token|access[.]?key";

  private Secrets() {}

  public static Pattern pattern(SparkConf conf) {
    return Pattern.compile(conf.get(KEY, DEFAULT));
  }

  static boolean isSecretKey(SparkConf conf, String key) {
    return pattern(conf).matcher(key).find();
  }

  /** As Spark redacts: a key or a value that matches. The pattern itself is no secret. */
  public static boolean isSecret(SparkConf conf, String key, String value) {
    return isSecret(pattern(conf), key, value);
  }

  public static boolean isSecret(Pattern pattern, String key, String value) {
    if (key.equals(KEY)) {
      return false;
    }
    return pattern.matcher(key).find() || pattern.matcher(value).find();
  }
}
