// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.options.UserErrorException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.spark.NarrowDependency;
import org.apache.spark.internal.io.HadoopWriteConfigUtil;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ReliableRDDCheckpointData;
import org.apache.spark.sql.execution.datasources.WriteJobDescription;
import org.apache.spark.sql.execution.streaming.StatefulOperatorStateInfo;
import org.apache.spark.sql.execution.streaming.state.BaseStateStoreRDD;

/**
 * Refuses stages whose tasks would leave files on the disk of their worker. The disk ends with the
 * environment, and Spark would report success all the same. Stateless.
 */
final class LocalFiles {
  private static final String FILE = "file";

  private LocalFiles() {}

  /**
   * Looks at an object of a stage's graph.
   *
   * @throws UserErrorException when it describes an output or a state in local files
   */
  static void check(Object object) {
    if (object instanceof WriteJobDescription job) {
      checkOutput(job.path(), job.serializableHadoopConf().value());
    } else if (object instanceof HadoopWriteConfigUtil<?, ?> write) {
      Configuration conf = write.createJobContext("0", 0).getConfiguration();
      String folder = conf.get(FileOutputFormat.OUTDIR);
      if (folder != null) { // outputs that are not files have no folder
        checkOutput(folder, conf);
      }
    } else if (object instanceof StatefulOperatorStateInfo state) { // of a join of two streams
      checkState(state.checkpointLocation());
    }
  }

  /**
   * Looks at the RDDs that a task of a stage computes.
   *
   * @throws UserErrorException when one of them keeps its state or its checkpoint in local files
   */
  static void check(RDD<?> rdd) {
    for (RDD<?> each : narrowLineage(rdd)) {
      if (each instanceof BaseStateStoreRDD<?, ?> state && state.partitions().length > 0) {
        checkState(
            state.getStateProviderId(state.partitions()[0]).storeId().checkpointRootLocation());
      }
      String folder = each.context().getCheckpointDir().getOrElse(() -> "");
      if (folder.startsWith(FILE + ":")
          && each.checkpointData().isDefined()
          && each.checkpointData().get() instanceof ReliableRDDCheckpointData) {
        throw new UserErrorException(
            "Cannot write a checkpoint to "
                + folder
                + ": a worker's own disk ends with it. Call setCheckpointDir with"
                + " s3a://<bucket>/<prefix>.");
      }
    }
  }

  /** The RDD and all that its tasks compute on the way, each once. */
  static Set<RDD<?>> narrowLineage(RDD<?> rdd) {
    Set<RDD<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<RDD<?>> next = new ArrayDeque<>();
    next.add(rdd);
    while (!next.isEmpty()) {
      RDD<?> each = next.remove();
      if (seen.add(each)) {
        for (var dependency : SparkInternals.list(each.dependencies())) {
          if (dependency instanceof NarrowDependency) {
            next.add(dependency.rdd());
          }
        }
      }
    }
    return seen;
  }

  /** A stream's sink names its path as the user wrote it: without a scheme, or relative. */
  private static void checkOutput(String folder, Configuration conf) {
    String scheme = new Path(folder).toUri().getScheme();
    if (FILE.equals(scheme == null ? FileSystem.getDefaultUri(conf).getScheme() : scheme)) {
      throw new UserErrorException(
          "Cannot write to "
              + folder
              + ": a worker's own disk ends with it. Write to s3a://<bucket>/<prefix>.");
    }
  }

  private static void checkState(String folder) {
    if (folder.startsWith(FILE + ":")) { // Spark has qualified it
      throw new UserErrorException(
          "Cannot keep the state of a stream in "
              + folder
              + ": a worker's own disk ends with it. Set checkpointLocation to"
              + " s3a://<bucket>/<prefix>.");
    }
  }
}
