// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.filesystem.TaskSettings;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag$;

/**
 * The Hadoop configuration of a scan in the reader factory, as {@link TaskSettings}: it is
 * serialized with the task and costs no request. It is a Broadcast because the factories accept no
 * other type. Immutable, except the configuration, which is built once on the worker.
 */
final class ScanConf extends Broadcast<SerializableConfiguration> {
  private static final long serialVersionUID = 1L;
  private static final long NO_ID = -1;

  private final TaskSettings settings;
  private transient @Nullable SerializableConfiguration made;

  /**
   * @param settings of the driver
   */
  ScanConf(TaskSettings settings) {
    super(NO_ID, ClassTag$.MODULE$.apply(SerializableConfiguration.class));
    this.settings = settings;
  }

  @Override
  public synchronized SerializableConfiguration getValue() {
    if (made == null) {
      // The process has parsed Hadoop's default resources already, which takes 20 ms.
      made = new SerializableConfiguration(settings.on(SparkHadoopUtil.get().conf()));
    }
    return made;
  }

  @Override
  public void doUnpersist(boolean blocking) {}

  @Override
  public void doDestroy(boolean blocking) {}
}
