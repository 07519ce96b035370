// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.util.Locale;

/** The places from which a program has its secrets; each has a value that is nowhere else. */
public enum SecretSource {
  ENVIRONMENT("variable of the driver's environment"),
  CONF_FILE("conf file"),
  COMMAND_LINE("`--conf` of `letsdata submit`"),
  BUILDER("`SparkSession.builder().config`"),
  SESSION("`spark.conf.set`, `spark.*`"),
  SESSION_OTHER_KEY("`spark.conf.set`, other keys"),
  HADOOP("`hadoopConfiguration.set`"),
  READ_OPTION("read option of Spark's own sources"),
  READ_OPTION_OURS("read option of `letsdata-s3`"),
  WRITE_OPTION("write option of Spark's own sources"),
  WRITE_OPTION_OURS("write option of `letsdata-s3`"),
  EXCEPTION("text of an exception in a task"),
  LOG_LINE("log line of a task that crashes");

  private final String label;

  SecretSource(String label) {
    this.label = label;
  }

  /** As the page calls it; markdown. */
  public String label() {
    return label;
  }

  /** The setting or option that holds the secret, behind a prefix. */
  public String key() {
    return "app." + name().toLowerCase(Locale.ROOT).replace('_', '.') + ".password";
  }

  /** The secret: put together here, so that no class file and no jar has it. */
  public String canary() {
    return "canary" + Integer.toHexString(name().hashCode()) + "x" + name().length() + "end";
  }
}
