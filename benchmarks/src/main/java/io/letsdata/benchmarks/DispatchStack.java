// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.local.FunctionSpec;
import io.letsdata.local.LocalCloud;
import io.letsdata.local.LocalCloudOptions;
import io.letsdata.protocol.RunOptions;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.StoreOptions;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.LocalStackCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkConf;

/**
 * The embedded stand-in with the worker's real package and without a request rate limit. Who starts
 * it closes it.
 */
final class DispatchStack implements AutoCloseable {
  static final int SLOTS = 2;
  private static final String FUNCTION = "letsdata-worker";
  private static final String BUCKET = "benchmarks";

  /** Where benchmarks put objects. */
  static final String ROOT = "s3://" + BUCKET;

  private final LocalCloud cloud;
  private final Path taskJar;

  private DispatchStack(LocalCloud cloud, Path taskJar) {
    this.cloud = cloud;
    this.taskJar = taskJar;
  }

  /**
   * Starts it; a few seconds.
   *
   * @param root of the built project
   */
  static DispatchStack start(Path root) throws IOException {
    return start(root, function -> function);
  }

  /** The same with another function. */
  static DispatchStack start(Path root, UnaryOperator<FunctionSpec> change) throws IOException {
    Path function = root.resolve("lambda-worker/target/function");
    LocalCloud cloud =
        LocalCloud.start(
            LocalCloudOptions.builder(root.resolve("local-cloud/target/dist"))
                .noRateLimit()
                .function(
                    // Room for an invocation that is sent before the last one's end is known.
                    change.apply(
                        FunctionSpec.of(
                            function.resolve("create-function.json"),
                            function.resolve("letsdata-worker.zip"),
                            SLOTS + 2)))
                .build());
    try {
      Files.createDirectories(cloud.home().resolve("s3").resolve(BUCKET)); // that is a bucket
    } catch (IOException e) {
      cloud.close();
      throw e;
    }
    return new DispatchStack(cloud, root.resolve("benchmarks/target/benchmarks.jar"));
  }

  LocalCloud cloud() {
    return cloud;
  }

  /** Sets the conf of a session whose tasks run in invocations, {@link #SLOTS} at once. */
  void configure(SparkConf conf) {
    configureStore(conf);
    conf.setMaster("lambda://" + FUNCTION)
        .set("spark.jars", taskJar.toString())
        .set("spark.shuffle.manager", S3ShuffleManager.class.getName())
        .set(LambdaOptions.ENDPOINT.key(), cloud.lambdaEndpoint().toString())
        .set(LambdaOptions.REGION.key(), "us-east-1")
        .set(LambdaOptions.CONCURRENCY.key(), String.valueOf(SLOTS))
        .set(RunOptions.LOCATION.key(), "s3://" + BUCKET + "/runs");
  }

  /** Sets the store of the connectors and the shuffle. */
  void configureStore(SparkConf conf) {
    StoreSettings.localStack(cloud.s3Endpoint(), cloud.credentialsFile())
        .toProperties()
        .forEach(conf::set);
  }

  /** Sets the same store for {@code s3a://}. */
  void configureS3a(SparkConf conf) {
    System.setProperty(StoreOptions.CREDENTIALS_FILE.key(), cloud.credentialsFile().toString());
    conf.set("spark.hadoop.fs.s3a.endpoint", cloud.s3Endpoint().toString())
        .set("spark.hadoop.fs.s3a.path.style.access", "true")
        .set("spark.hadoop.fs.s3a.connection.ssl.enabled", "false")
        .set("spark.hadoop.fs.s3a.endpoint.region", "us-east-1")
        .set("spark.hadoop.fs.s3a.aws.credentials.provider", LocalStackCredentials.class.getName());
  }

  @Override
  public void close() {
    cloud.close();
  }
}
