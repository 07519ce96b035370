package io.letsdata.cli;

import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * A local stack for one command: the stand-in for S3 and Lambda, a folder for what the driver puts
 * on disk, and the promise that nothing of it is left, not after Ctrl-C either.
 *
 * <p>Thread-safe. Who starts it closes it.
 */
final class LocalStack implements AutoCloseable {
  private static final String BUCKET = "letsdata";

  /** What a shell expects of a program that Ctrl-C ended: 128 + SIGINT. */
  private static final int INTERRUPTED = 130;

  private final Cloud cloud;
  private final Path scratch;
  private final int concurrency;
  private final List<Path> leftovers = new ArrayList<>();
  private final Thread onInterrupt = new Thread(this::endNow, "stop-local-stack");
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Placeholder. */
  interface Cloud extends AutoCloseable {
    URI s3Endpoint();

    URI lambdaEndpoint();

    String functionName();

    @Override
    void close();
  }

  private LocalStack(Cloud cloud, Path scratch, int concurrency) {
    this.cloud = cloud;
    this.scratch = scratch;
    this.concurrency = concurrency;
  }

  /** Starts the processes and waits until they serve; a few seconds. */
  static LocalStack start(Distribution distribution, StackOptions options) throws IOException {
    Path scratch = Files.createTempDirectory("letsdata-");
    try {
      LocalStack stack = new LocalStack(cloud(distribution), scratch, options.concurrency);
      Runtime.getRuntime().addShutdownHook(stack.onInterrupt);
      return stack;
    } catch (RuntimeException e) {
      deleteTree(scratch);
      throw e;
    }
  }

  private static Cloud cloud(Distribution distribution) {
    if (distribution.home().toString().isEmpty()) {
      return cloud(distribution);
    }
    throw new CliException("Cannot start the local stack: not there yet.");
  }

  URI s3Endpoint() {
    return cloud.s3Endpoint();
  }

  URI lambdaEndpoint() {
    return cloud.lambdaEndpoint();
  }

  String functionName() {
    return cloud.functionName();
  }

  String bucket() {
    return BUCKET;
  }

  /** A folder that lives as long as the stack. */
  Path scratch() {
    return scratch;
  }

  /** Everything a Spark session needs to run its tasks here. Holds no secret. */
  Map<String, String> sparkConf() {
    Map<String, String> conf = new LinkedHashMap<>();
    // The spelling that spark-submit lets through; lambda:// is for code.
    conf.put("spark.master", "local-lambda://" + functionName());
    conf.put("spark.letsdata.lambda.endpoint", lambdaEndpoint().toString());
    conf.put("spark.letsdata.lambda.region", "us-east-1");
    conf.put("spark.letsdata.lambda.concurrency", Integer.toString(concurrency));
    conf.put("spark.letsdata.run.location", "s3://" + BUCKET + "/runs");
    conf.putAll(StoreSettings.localStack(s3Endpoint()).toProperties());
    return conf;
  }

  /** One setting of {@link #sparkConf}. */
  Optional<String> setting(String key) {
    return Optional.ofNullable(sparkConf().get(key));
  }

  /** Also deletes this file when the stack ends. */
  synchronized void deleteAtEnd(Path file) {
    leftovers.add(file);
  }

  /** Waits until the user stops the program. */
  void awaitEnd() throws InterruptedException {
    ended.await();
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

  private synchronized void end() {
    cloud.close();
    leftovers.forEach(LocalUpCommand::delete);
    deleteTree(scratch);
    ended.countDown();
  }

  private static void deleteTree(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      files.sorted(Comparator.reverseOrder()).forEach(LocalUpCommand::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
