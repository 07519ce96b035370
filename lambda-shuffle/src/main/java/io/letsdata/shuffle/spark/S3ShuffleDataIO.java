package io.letsdata.shuffle.spark;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.shuffle.api.ShuffleDataIO;
import org.apache.spark.shuffle.api.ShuffleDriverComponents;
import org.apache.spark.shuffle.api.ShuffleExecutorComponents;
import org.apache.spark.shuffle.api.ShuffleMapOutputWriter;
import org.apache.spark.shuffle.api.SingleSpillShuffleMapOutputWriter;

/**
 * Leads Spark's own shuffle writers to {@link S3ShuffleManager}, which names this class in {@code
 * spark.shuffle.sort.io.plugin.class}; and tells the scheduler that outputs outlive executors.
 */
public final class S3ShuffleDataIO implements ShuffleDataIO {
  /** For Spark, which calls it. */
  public S3ShuffleDataIO(SparkConf conf) {}

  @Override
  public ShuffleExecutorComponents executor() {
    return new ExecutorComponents();
  }

  @Override
  public ShuffleDriverComponents driver() {
    return new S3ShuffleDriverComponents();
  }

  /**
   * The shuffle manager of this process; Spark makes it before it makes anything of this plugin.
   */
  static S3ShuffleManager manager() {
    if (SparkEnv.get().shuffleManager() instanceof S3ShuffleManager manager) {
      return manager;
    }
    throw new IllegalStateException(
        "Cannot use "
            + S3ShuffleDataIO.class.getName()
            + " with shuffle manager "
            + SparkEnv.get().shuffleManager().getClass().getName()
            + ". Set spark.shuffle.manager="
            + S3ShuffleManager.class.getName()
            + ".");
  }

  private static final class ExecutorComponents implements ShuffleExecutorComponents {
    @Override
    public void initializeExecutor(String appId, String execId, Map<String, String> extraConfigs) {}

    @Override
    public ShuffleMapOutputWriter createMapOutputWriter(
        int shuffleId, long mapTaskId, int numPartitions) {
      return manager().currentAttempt().begin(shuffleId, mapTaskId, numPartitions);
    }

    @Override
    public Optional<SingleSpillShuffleMapOutputWriter> createSingleFileMapOutputWriter(
        int shuffleId, long mapId) {
      return Optional.of(manager().currentAttempt().begin(shuffleId, mapId, 0));
    }
  }
}
