// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.letsdata.local.FunctionSpec;
import io.letsdata.local.LocalCloud;
import io.letsdata.local.LocalCloudOptions;
import io.letsdata.local.admin.LocalAdmin;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.LocalStackCredentials;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The embedded stand-in with the worker's real package, shared by all tests of a JVM: starting it
 * and warming its two environments is most of a short test's time. It ends with the JVM.
 */
final class LambdaStack {
  static final String FUNCTION = "letsdata-worker";
  static final int CONCURRENCY = 2;

  /** That the worker function may have: a zombie keeps one from the next test. */
  static final int ENVIRONMENTS = CONCURRENCY + 2;

  /** The same worker with a time limit of 3 s. */
  static final String BRIEF = "letsdata-worker-brief";

  /** The same package with a handler that it lacks. */
  static final String BROKEN = "letsdata-worker-broken";

  private static final class Shared {
    static final LambdaStack STACK = start(60);
  }

  private final LocalCloud cloud;
  private final StoreSettings settings;
  private final String bucket;
  private final Path payloads;

  private LambdaStack(LocalCloud cloud, String bucket, Path payloads) {
    this.cloud = cloud;
    this.settings = StoreSettings.localStack(cloud.s3Endpoint());
    this.bucket = bucket;
    this.payloads = payloads;
  }

  /** The stack of this JVM; a function's time limit is 60 s. */
  static LambdaStack shared() {
    return Shared.STACK;
  }

  /** A stack of one test's own; it ends with the JVM. */
  static LambdaStack start(int timeoutSeconds) {
    return start(function -> function.withTimeoutSeconds(timeoutSeconds));
  }

  /** The same with another function. */
  static LambdaStack start(UnaryOperator<FunctionSpec> change) {
    return start(change, options -> options);
  }

  /** The same with another stand-in. */
  static LambdaStack start(
      UnaryOperator<FunctionSpec> change, UnaryOperator<LocalCloudOptions> changeOptions) {
    try {
      Path function = Path.of(required("letsdata.function"));
      Path payloads = Files.createTempDirectory("letsdata-payloads");
      LocalCloud cloud =
          LocalCloud.start(
              changeOptions.apply(
                  LocalCloudOptions.of(Path.of(required("letsdata.local.dist")))
                      .withPayloadDump(payloads)
                      .withoutRateLimit()
                      .withFunction(
                          variant(
                              function,
                              BRIEF,
                              3,
                              "io.letsdata.worker.WorkerHandler::handleRequest"))
                      .withFunction(
                          variant(function, BROKEN, 60, "io.letsdata.NoSuchHandler::handleRequest"))
                      .withFunction(
                          change.apply(
                              FunctionSpec.of(
                                  function.resolve("create-function.json"),
                                  function.resolve("letsdata-worker.zip"),
                                  ENVIRONMENTS)))));
      String bucket = "it-" + UUID.randomUUID();
      try (S3Client s3 = s3(cloud.s3Endpoint())) {
        var unused = s3.createBucket(r -> r.bucket(bucket));
      }
      return new LambdaStack(cloud, bucket, payloads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same package under another name. */
  private static FunctionSpec variant(Path function, String name, int seconds, String handler)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode definition =
        (ObjectNode) json.readTree(function.resolve("create-function.json").toFile());
    definition.put("FunctionName", name).put("Handler", handler).put("Timeout", seconds);
    Path file = Files.createTempFile(name, ".json");
    file.toFile().deleteOnExit();
    json.writeValue(file.toFile(), definition);
    return FunctionSpec.of(file, function.resolve("letsdata-worker.zip"), CONCURRENCY);
  }

  private static S3Client s3(URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(LocalStackCredentials.create().resolveCredentials()))
        .build();
  }

  private static String required(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException("The build sets -D" + property);
    }
    return value;
  }

  /** A conf whose tasks run in invocations. */
  SparkConf lambdaConf() {
    return storeConf()
        .setMaster("lambda://" + FUNCTION)
        .set("spark.jars", required("letsdata.it.jar"))
        .set("spark.letsdata.lambda.endpoint", cloud.lambdaEndpoint().toString())
        .set("spark.letsdata.lambda.region", "us-east-1")
        .set("spark.letsdata.lambda.concurrency", String.valueOf(CONCURRENCY))
        .set("spark.letsdata.run.location", "s3://" + bucket + "/runs")
        .set("spark.shuffle.manager", S3ShuffleManager.class.getName())
        .set("spark.hadoop.fs.s3a.endpoint", cloud.s3Endpoint().toString())
        .set("spark.hadoop.fs.s3a.path.style.access", "true")
        .set("spark.hadoop.fs.s3a.connection.ssl.enabled", "false")
        .set("spark.hadoop.fs.s3a.endpoint.region", "us-east-1")
        .set("spark.hadoop.fs.s3a.aws.credentials.provider", LocalStackCredentials.class.getName());
  }

  /** A conf for plain Spark that reads and writes the same store. */
  SparkConf localConf() {
    return storeConf().setMaster("local[2]");
  }

  private SparkConf storeConf() {
    SparkConf conf =
        new SparkConf()
            .setAppName("it")
            .set("spark.ui.enabled", "false")
            .set("spark.sql.shuffle.partitions", "4");
    settings.toProperties().forEach(conf::set);
    return conf;
  }

  static SparkSession session(SparkConf conf) {
    return SparkSession.builder().config(conf).getOrCreate();
  }

  LocalAdmin admin() {
    return cloud.admin();
  }

  /** Workers that run an invocation now, zombies too. */
  long busyWorkers() throws IOException {
    return admin().environments().stream()
        .filter(e -> e.function().equals(FUNCTION) && e.state().equals("BUSY"))
        .count();
  }

  /**
   * Waits until no worker runs anything. The stand-in gives an invocation to the environment that
   * became idle last, so a zombie of an earlier test decides otherwise which one that is.
   */
  void awaitIdle() {
    Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> busyWorkers() == 0);
  }

  /** Invocations of the worker function that ran into its time limit, since the stack began. */
  long timedOut() throws IOException {
    return admin().invocations().stream()
        .filter(run -> run.function().equals(FUNCTION) && "Sandbox.Timedout".equals(run.error()))
        .count();
  }

  LocalCloud cloud() {
    return cloud;
  }

  /** What a task needs to reach the same store. */
  Map<String, String> storeProperties() {
    return settings.toProperties();
  }

  ObjectStore store() {
    return SharedStores.get(settings);
  }

  String bucket() {
    return bucket;
  }

  /** Every payload that was sent, a file each. */
  Path payloads() {
    return payloads;
  }
}
