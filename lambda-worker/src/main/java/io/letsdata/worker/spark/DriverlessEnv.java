// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.shuffle.spark.S3ShuffleManager;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.util.ArrayList;
import org.apache.spark.MapOutputTracker$;
import org.apache.spark.MapOutputTrackerWorker;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.BroadcastManager;
import org.apache.spark.executor.Executor;
import org.apache.spark.internal.config.package$;
import org.apache.spark.memory.UnifiedMemoryManager;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.network.BlockTransferService;
import org.apache.spark.scheduler.OutputCommitCoordinator;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerManager;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerMaster;
import org.apache.spark.util.Utils$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Some;
import scala.collection.JavaConverters;
import scala.collection.immutable.Map$;

/**
 * Builds what SparkEnv.create builds for an executor (SparkEnv.scala, 3.5.9), part by part, since
 * that method connects to a driver.
 */
final class DriverlessEnv {
  private static final Logger LOG = LoggerFactory.getLogger(DriverlessEnv.class);

  /** SparkExitCode of an executor that ran out of memory, and of any other fatal error. */
  private static final int EXIT_OUT_OF_MEMORY = 52;

  private static final int EXIT_UNCAUGHT = 50;

  private DriverlessEnv() {}

  static SparkEnv create(
      SparkConf conf, String executorId, DriverlessRpcEnv rpcEnv, BlockTransferService transfer)
      throws IOException {
    SecurityManager security =
        new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE_EXECUTOR());
    Serializer serializer =
        Utils$.MODULE$.instantiateSerializerFromConf(package$.MODULE$.SERIALIZER(), conf, false);
    SerializerManager serializers = new SerializerManager(serializer, conf, Option.empty());
    MapOutputTrackerWorker tracker = new MapOutputTrackerWorker(conf);
    tracker.trackerEndpoint_$eq(rpcEnv.ref(MapOutputTracker$.MODULE$.ENDPOINT_NAME()));
    S3ShuffleManager shuffle = new S3ShuffleManager(conf, false);
    UnifiedMemoryManager memory = UnifiedMemoryManager.apply(conf, 1);
    BlockManagerMaster master =
        new BlockManagerMaster(
            rpcEnv.ref(BlockManagerMaster.DRIVER_ENDPOINT_NAME()),
            rpcEnv.ref(BlockManagerMaster.DRIVER_HEARTBEAT_ENDPOINT_NAME()),
            conf,
            false);
    BlockManager blocks =
        new BlockManager(
            executorId,
            rpcEnv,
            master,
            serializers,
            conf,
            memory,
            tracker,
            shuffle,
            transfer,
            security,
            Option.empty());
    OutputCommitCoordinator commits = new OutputCommitCoordinator(conf, false);
    commits.coordinatorRef_$eq(new Some<>(rpcEnv.ref("OutputCommitCoordinator")));
    SparkEnv env =
        new SparkEnv(
            executorId,
            rpcEnv,
            serializer,
            new JavaSerializer(conf),
            serializers,
            tracker,
            shuffle,
            new BroadcastManager(false, conf),
            blocks,
            security,
            MetricsSystem.createMetricsSystem("executor", conf),
            memory,
            commits,
            conf);
    // An executor's files go into its working directory, which is read-only in a function.
    env.driverTmpDir_$eq(new Some<>(Files.createTempDirectory("letsdata-files").toString()));
    SparkEnv.set(env);
    return env;
  }

  /**
   * A stock executor. A fatal error of its task ends the process, as everywhere in Spark, but not
   * one after which the process is as good as before: a stack that was full, or an array longer
   * than any heap allows. Spark has reported the task's failure then.
   */
  static Executor executor(SparkEnv env, String executorId) {
    return new Executor(
        executorId,
        "worker.invalid",
        env,
        JavaConverters.asScalaBuffer(new ArrayList<URL>()).toSeq(),
        false,
        DriverlessEnv::haltIfFatal,
        Map$.MODULE$.empty());
  }

  private static void haltIfFatal(Thread thread, Throwable failure) {
    if (leavesTheProcessIntact(failure)) {
      LOG.error("An error ended the work of {}", thread.getName(), failure);
    } else {
      halt(thread, failure);
    }
  }

  /** By the first fatal error among the causes, as Executor.isFatalError finds it (3.5.9). */
  static boolean leavesTheProcessIntact(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StackOverflowError) {
        return true;
      }
      if (cause instanceof Error) {
        return FailureAdvice.isArrayTooLong(String.valueOf(cause));
      }
    }
    return false;
  }

  private static void halt(Thread thread, Throwable failure) {
    try {
      LOG.error("Fatal error in {}", thread.getName(), failure);
      if (failure instanceof OutOfMemoryError) {
        LOG.error(FailureAdvice.here(0).outOfMemory()); // last, for the tail that the user sees
      }
    } finally {
      Runtime.getRuntime()
          .halt(failure instanceof OutOfMemoryError ? EXIT_OUT_OF_MEMORY : EXIT_UNCAUGHT);
    }
  }
}
