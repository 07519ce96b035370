// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.options.Option;
import io.letsdata.options.SecretRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag$;

/**
 * The Hadoop configuration of a scan in the reader factory: small and without secrets.
 *
 * <p>Spark's scans broadcast the whole configuration of the session: a thousand defaults, and every
 * secret in it (SessionState.newHadoopConf copies all settings, 3.5.9). A broadcast here is a
 * stored object. This class has only the values that differ from the defaults and are not secret;
 * it is serialized with the task and costs no request. It is a Broadcast because the factories
 * accept no other type. Immutable, except the configuration, which is built once on the worker.
 */
final class ScanConf extends Broadcast<SerializableConfiguration> {
  private static final long serialVersionUID = 1L;
  private static final long NO_ID = -1;

  /**
   * The prefixes of keys that Spark's decoders, Hadoop's codecs and the store's file system read.
   */
  private static final List<String> PREFIXES =
      List.of(
          "parquet.",
          "mapreduce.",
          "mapred.",
          "textinputformat.",
          "io.",
          "zlib.",
          "fs.letsdata-store.",
          "spark.sql.",
          Option.PREFIX,
          "org.apache.spark.sql.");

  private final HashMap<String, String> differences;
  private transient @Nullable SerializableConfiguration made;

  private ScanConf(Map<String, String> differences) {
    super(NO_ID, ClassTag$.MODULE$.apply(SerializableConfiguration.class));
    this.differences = new HashMap<>(differences);
  }

  /**
   * The part of {@code full} that a worker needs.
   *
   * @param secrets rule of secrets; entries whose key or value is secret are omitted
   */
  static ScanConf of(Configuration full, SecretRule secrets) {
    Configuration defaults = new Configuration();
    Map<String, String> differences = new HashMap<>();
    for (Map.Entry<String, String> entry : full) {
      String key = entry.getKey();
      String value = entry.getValue();
      if (PREFIXES.stream().anyMatch(key::startsWith)
          && !value.equals(defaults.getRaw(key))
          && !secrets.isSecret(key, value)) {
        differences.put(key, value);
      }
    }
    return new ScanConf(differences);
  }

  @Override
  public synchronized SerializableConfiguration getValue() {
    if (made == null) {
      // A copy of the configuration of the process: to parse the default resources takes 20 ms per
      // task.
      Configuration conf = new Configuration(SparkHadoopUtil.get().conf());
      differences.forEach(conf::set);
      made = new SerializableConfiguration(conf);
    }
    return made;
  }

  @Override
  public void doUnpersist(boolean blocking) {}

  @Override
  public void doDestroy(boolean blocking) {}
}
