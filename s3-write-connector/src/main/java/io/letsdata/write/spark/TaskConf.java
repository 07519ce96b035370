// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * The part of the driver's Hadoop configuration that an encoder needs in a task: the values that
 * differ from Hadoop's defaults, under the prefixes of encoders. Spark's session copies its whole
 * configuration to that of Hadoop, credentials included; no secret may reach a payload. Immutable.
 */
final class TaskConf implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final List<String> PREFIXES =
      List.of(
          "parquet.",
          "mapreduce.",
          "mapred.",
          "io.",
          "zlib.",
          "spark.sql.",
          "org.apache.spark.sql.");
  // The default of spark.redaction.regex (Spark 3.5.9).
  private static final Pattern SECRET = Pattern.compile("(?i)secret|password|token|access[.]?key");

  private final Map<String, String> entries;

  private TaskConf(Map<String, String> entries) {
    this.entries = entries;
  }

  static TaskConf of(Configuration conf) {
    Configuration defaults = new Configuration();
    Map<String, String> entries = new TreeMap<>();
    for (Map.Entry<String, String> entry : conf) {
      String key = entry.getKey();
      if (PREFIXES.stream().anyMatch(key::startsWith)
          && !SECRET.matcher(key).find()
          && !entry.getValue().equals(defaults.getRaw(key))) {
        entries.put(key, entry.getValue());
      }
    }
    return new TaskConf(new HashMap<>(entries));
  }

  /** A new configuration: the defaults of this process and the entries. */
  Configuration toConfiguration() {
    Configuration conf = new Configuration();
    entries.forEach(conf::set);
    return conf;
  }

  Map<String, String> entries() {
    return Map.copyOf(entries);
  }
}
