// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.internals.DriverUi;
import io.letsdata.executor.spark.rules.DriverAddress;
import io.letsdata.executor.spark.rules.SessionChecks;
import io.letsdata.executor.spark.rules.SettingRules;
import io.letsdata.options.Evolving;
import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import io.letsdata.shuffle.spark.state.StoredStateProvider;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.ExternalClusterManager;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.TaskScheduler;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes {@code lambda://<function>} and {@code local-lambda://<function>} Spark masters (SPI of
 * Spark 3.5.9, ExternalClusterManager.scala). spark-submit accepts only masters with a prefix that
 * it knows, such as {@code local}; the second spelling is for it.
 */
@Evolving
public final class LambdaClusterManager implements ExternalClusterManager {
  private static final Logger LOG = LoggerFactory.getLogger(LambdaClusterManager.class);

  @Override
  public boolean canCreate(String masterUrl) {
    return LambdaSettings.isLambdaMaster(masterUrl);
  }

  /**
   * @throws UserErrorException when a setting is missing, wrong, unknown or cannot be honored
   */
  @Override
  public TaskScheduler createTaskScheduler(SparkContext context, String masterUrl) {
    SparkConf conf = context.conf();
    SessionChecks.check(conf);
    LambdaSettings settings =
        LambdaSettings.from(
            masterUrl, Options.ofSession(key -> Optional.ofNullable(conf.get(key, null))));
    SettingRules.withoutEffect(conf)
        .forEach((key, decides) -> LOG.warn("{} has no effect on Lambda: {}", key, decides));
    listenLocally(context);
    conf.set("spark.broadcast.checksum", "false"); // see BroadcastBytes
    conf.setIfMissing(
        "spark.sql.streaming.stateStore.providerClass", StoredStateProvider.class.getName());
    return new LambdaTaskScheduler(context, settings);
  }

  /** Refuses an open RPC server that nobody asked for, and moves such a UI. */
  private static void listenLocally(SparkContext context) {
    Optional<String> localIp = Optional.ofNullable(System.getenv(DriverAddress.LOCAL_IP));
    DriverAddress.check(context.conf(), localIp);
    if (localIp.isEmpty() && DriverAddress.isLoopback(context.conf())) {
      DriverUi.moveToLoopback(context);
    }
  }

  @Override
  public SchedulerBackend createSchedulerBackend(
      SparkContext context, String masterUrl, TaskScheduler scheduler) {
    return ((LambdaTaskScheduler) scheduler).lambdaBackend();
  }

  @Override
  public void initialize(TaskScheduler scheduler, SchedulerBackend backend) {
    ((TaskSchedulerImpl) scheduler).initialize(backend);
  }
}
