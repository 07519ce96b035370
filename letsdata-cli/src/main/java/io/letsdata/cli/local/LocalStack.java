// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.local;

import io.letsdata.cli.shared.Distribution;
import io.letsdata.cli.shared.SparkConfFile;
import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.executor.spark.rules.DriverAddress;
import io.letsdata.local.FunctionSpec;
import io.letsdata.local.LocalCloud;
import io.letsdata.options.Internal;
import io.letsdata.protocol.RunOptions;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;

/**
 * A local stack for one command: the stand-in for S3 and Lambda with the worker function and a
 * bucket. Nothing of it is left after the end, nor after Ctrl-C.
 *
 * <p>Thread-safe. The command that starts it closes it.
 */
@Internal
public final class LocalStack implements AutoCloseable {
  /** The one bucket of the stack. */
  public static final String BUCKET = "letsdata";

  /** The name of the worker function. */
  public static final String FUNCTION = "letsdata-worker";

  private static final String REGION = "us-east-1";

  /** The exit code of a program that Ctrl-C ended, as shells have it: 128 + SIGINT. */
  private static final int INTERRUPTED = 130;

  private final LocalCloud cloud;
  private final int concurrency;
  private volatile @Nullable Path confFile;
  private final Thread onInterrupt = new Thread(this::endNow, "stop-local-stack");

  private LocalStack(LocalCloud cloud, int concurrency) {
    this.cloud = cloud;
    this.concurrency = concurrency;
  }

  /** Starts the processes and waits until they serve; a few seconds. */
  public static LocalStack start(Distribution distribution, StackOptions options)
      throws IOException {
    Path function = distribution.workerFunction();
    FunctionSpec worker =
        options.worker(
            function.resolve("create-function.json"), function.resolve("letsdata-worker.zip"));
    LocalCloud cloud = LocalCloud.start(options.stack(distribution.localCloud(), worker));
    LocalStack stack = new LocalStack(cloud, options.concurrency());
    Runtime.getRuntime().addShutdownHook(stack.onInterrupt);
    try {
      // A bucket of the stand-in is a folder (S3Server); our store has no CreateBucket.
      Files.createDirectories(cloud.home().resolve("s3").resolve(BUCKET));
      Files.createDirectories(stack.scratch());
      return stack;
    } catch (IOException | RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  /** Path style, any region. */
  public URI s3Endpoint() {
    return cloud.s3Endpoint();
  }

  URI lambdaEndpoint() {
    return cloud.lambdaEndpoint();
  }

  /** Variables with which the {@code aws} command and SDKs use this stack. Holds no secret. */
  public String awsVariables() {
    return "AWS_SHARED_CREDENTIALS_FILE=%s AWS_REGION=%s AWS_ENDPOINT_URL_S3=%s AWS_ENDPOINT_URL_LAMBDA=%s"
        .formatted(cloud.credentialsFile(), REGION, s3Endpoint(), lambdaEndpoint());
  }

  /**
   * A folder that lives as long as the stack; the stand-in removes it even when this JVM is killed.
   */
  public Path scratch() {
    return cloud.home().resolve("driver");
  }

  /** Everything a Spark session needs to run its tasks here. Holds no secret. */
  public Map<String, String> sparkConf() {
    Map<String, String> conf = new LinkedHashMap<>();
    // The spelling that spark-submit lets through; lambda:// is for code.
    conf.put("spark.master", "local-lambda://" + FUNCTION);
    conf.put("spark.shuffle.manager", S3ShuffleManager.class.getName());
    conf.put(LambdaOptions.ENDPOINT.key(), lambdaEndpoint().toString());
    conf.put(LambdaOptions.REGION.key(), REGION);
    conf.put(LambdaOptions.CONCURRENCY.key(), Integer.toString(concurrency));
    conf.put(RunOptions.LOCATION.key(), "s3://" + BUCKET + "/runs");
    conf.putAll(StoreSettings.localStack(s3Endpoint(), cloud.credentialsFile()).toProperties());
    conf.putAll(DriverAddress.loopback());
    return conf;
  }

  /** One setting of {@link #sparkConf}. */
  public Optional<String> setting(String key) {
    return Optional.ofNullable(sparkConf().get(key));
  }

  /** Writes {@link #sparkConf} to a file, which is deleted when the stack ends. */
  void writeConf(Path file) {
    SparkConfFile.write(file, sparkConf());
    confFile = file.toAbsolutePath();
  }

  /** Waits until the user stops the program; then the hook ends everything. */
  public void awaitInterrupt() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      // The JVM is stopping: the hook is at work already, and ends the JVM.
      return;
    }
    end();
  }

  /**
   * On Ctrl-C there is nothing to save: the store vanishes, so a driver that still tidies up in it,
   * or retries tasks, would only delay the end and frighten the user.
   */
  private void endNow() {
    Configurator.setRootLevel(Level.OFF);
    end();
    Runtime.getRuntime().halt(INTERRUPTED);
  }

  private void end() {
    try {
      Path file = confFile;
      if (file != null) {
        SparkConfFile.delete(file);
      }
    } finally {
      cloud.close();
    }
  }
}
