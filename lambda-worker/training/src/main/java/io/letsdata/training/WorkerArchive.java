// SPDX-License-Identifier: Apache-2.0
package io.letsdata.training;

import io.letsdata.local.FunctionSpec;
import io.letsdata.local.LocalCloud;
import io.letsdata.local.LocalCloudOptions;
import io.letsdata.local.environment.FunctionDefinition;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes {@code letsdata-worker.jsa} beside the worker's zip: a dynamic archive of the classes that
 * real work loads, written by an environment of the stand-in that does this work (JEP 350). Workers
 * of the stand-in start with it, and more slowly without it; so no failure here fails a build, it
 * is a warning.
 */
@Internal
public final class WorkerArchive {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerArchive.class);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String FLAGS = "JAVA_TOOL_OPTIONS";

  private final Path function;
  private final Path dist;
  private final Path taskJar;

  private WorkerArchive(Path function, Path dist, Path taskJar) {
    this.function = function;
    this.dist = dist;
    this.taskJar = taskJar;
  }

  /**
   * Makes the archive, unless the present one is of the same package, JVM and runtime client. About
   * twenty seconds; gives up after two minutes.
   *
   * @param args folder of zip and definition; the stand-in's distribution; this module's jar
   */
  public static void main(String[] args) {
    WorkerArchive archive =
        new WorkerArchive(
            Path.of(args[0]).normalize(), Path.of(args[1]).normalize(), Path.of(args[2]));
    try {
      CompletableFuture.runAsync(archive::makeOrWarn).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.warn("No class archive after {} s; workers start without it.", LIMIT.toSeconds());
    } catch (InterruptedException | ExecutionException e) {
      LOG.warn("No class archive: {}. Workers start without it.", e.toString());
    }
    System.exit(0); // also when a thread of the session still waits
  }

  private void makeOrWarn() {
    try {
      make();
    } catch (IOException | RuntimeException e) {
      LOG.warn("No class archive: {}. Workers start without it.", e.toString());
    }
  }

  private void make() throws IOException {
    Path archive = function.resolve("letsdata-worker.jsa");
    Path about = function.resolve("letsdata-worker.jsa.of");
    String inputs = ArchiveInputs.describe(function, dist.resolve("runtime"));
    if (Files.exists(archive) && Files.exists(about) && Files.readString(about).equals(inputs)) {
      return;
    }
    long started = System.nanoTime();
    Files.deleteIfExists(archive);
    Path folder = Files.createTempDirectory(function, "training-");
    try {
      Path dumped = folder.resolve("worker.jsa");
      train(dumped, folder.resolve("classes.log"));
      if (!Files.exists(dumped)) {
        throw new IOException("the trained environment wrote none; does this JVM have CDS?");
      }
      Files.move(dumped, archive, StandardCopyOption.ATOMIC_MOVE);
      Files.write(about, inputs.getBytes(StandardCharsets.UTF_8));
      LOG.info(
          "Class archive of the worker: {} MB in {} s",
          Files.size(archive) >> 20,
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started));
    } finally {
      Files.deleteIfExists(folder.resolve("worker.jsa"));
      Files.deleteIfExists(folder.resolve("classes.log"));
      Files.deleteIfExists(folder);
    }
  }

  private void train(Path dumped, Path classLog) throws IOException {
    Path definition = function.resolve("create-function.json");
    String flags = FunctionDefinition.read(definition).environment().getOrDefault(FLAGS, "");
    FunctionSpec worker =
        FunctionSpec.of(definition, function.resolve("letsdata-worker.zip"), 1)
            .withTimeoutSeconds((int) LIMIT.toSeconds())
            .withEnvironment(
                FLAGS,
                "%s -XX:ArchiveClassesAtExit=%s -Xlog:class+load:file=%s -Xlog:cds=off -Xlog:cds+dynamic=off"
                    .formatted(flags, dumped, classLog));
    try (LocalCloud cloud =
        LocalCloud.start(LocalCloudOptions.builder(dist).noRateLimit().function(worker).build())) {
      new TrainingWork(cloud, taskJar).run(classLog);
    }
  }
}
