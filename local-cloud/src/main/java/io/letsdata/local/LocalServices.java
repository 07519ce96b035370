// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import io.letsdata.local.environment.FunctionDefinition;
import io.letsdata.local.lambda.LambdaLimits;
import io.letsdata.local.lambda.LambdaService;
import io.letsdata.local.process.Reaper;
import io.letsdata.local.s3.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The parts of a running stand-in, inside its own process. Closing is idempotent. */
final class LocalServices implements AutoCloseable {

  private final Reaper reaper;
  private final S3Server s3;
  private final LambdaService lambda;
  private boolean closed;

  private LocalServices(Reaper reaper, S3Server s3, LambdaService lambda) {
    this.reaper = reaper;
    this.s3 = s3;
    this.lambda = lambda;
  }

  /** Starts every part; when one fails, those that were started are ended. */
  static LocalServices start(StackConfig config) throws IOException {
    Path dist = Path.of(config.dist());
    Path home = Files.createDirectories(Path.of(config.home()));
    Reaper reaper = Reaper.start();
    // A home that is kept loses the environments' /tmp, which may hold gigabytes of spilled data.
    reaper.removeAtEnd(config.removeHome() ? home : home.resolve("tmp"));
    // At the same time as the packages are unpacked: both take seconds.
    CompletableFuture<S3Server> s3 =
        CompletableFuture.supplyAsync(() -> startS3(config, dist, home, reaper));
    try {
      LambdaService lambda =
          LambdaService.start(
              settings(config, dist, home),
              reaper,
              () -> Map.of("AWS_ENDPOINT_URL_S3", s3.join().endpoint().toString()),
              deployments(config));
      return new LocalServices(reaper, s3.join(), lambda);
    } catch (CompletionException e) {
      reaper.close();
      throw e.getCause() instanceof UncheckedIOException failure
          ? failure.getCause()
          : new IOException("Cannot start the local stand-in: " + e.getCause(), e);
    } catch (IOException | RuntimeException e) {
      // The server may be starting just now, and the reaper must know its process.
      var unused = s3.handle((server, failure) -> true).join();
      reaper.close();
      throw e;
    }
  }

  private static S3Server startS3(StackConfig config, Path dist, Path home, Reaper reaper) {
    try {
      return S3Server.start(
          reaper, dist.resolve("s3"), Path.of(config.dataDir()), home, config.identity());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ReadyLine readyLine() {
    return new ReadyLine(
        s3.endpoint().toString(),
        lambda.endpoint().toString(),
        ProcessHandle.current().pid(),
        null);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      lambda.close();
      s3.close();
      reaper.close();
    }
  }

  private static LambdaService.Settings settings(StackConfig config, Path dist, Path home) {
    return new LambdaService.Settings(
        dist.resolve("runtime"),
        home,
        config.identity(),
        config.adminToken(),
        new LambdaLimits(
            Duration.ofMillis(config.initMillis()),
            Duration.ofMillis(config.idleMillis()),
            config.requestsPerConcurrency(),
            config.newEnvironments(),
            config.limitsTmp(),
            config.ownsDisk()),
        Optional.ofNullable(config.payloadDump()).map(Path::of));
  }

  private static List<LambdaService.Deployment> deployments(StackConfig config) throws IOException {
    List<LambdaService.Deployment> deployments = new ArrayList<>();
    for (StackConfig.Function function : config.functions()) {
      FunctionDefinition base = FunctionDefinition.read(Path.of(function.definition()));
      Integer memoryMb = function.memoryMb();
      Integer timeoutSeconds = function.timeoutSeconds();
      Integer ephemeralStorageMb = function.ephemeralStorageMb();
      FunctionDefinition definition =
          base.with(
              new FunctionDefinition.Size(
                  memoryMb == null ? base.memoryMb() : memoryMb,
                  timeoutSeconds == null ? base.timeout() : Duration.ofSeconds(timeoutSeconds),
                  ephemeralStorageMb == null ? base.ephemeralStorageMb() : ephemeralStorageMb),
              function.environment());
      deployments.add(
          new LambdaService.Deployment(
              definition, Path.of(function.zip()), function.concurrency(), function.reserved()));
    }
    return deployments;
  }
}
