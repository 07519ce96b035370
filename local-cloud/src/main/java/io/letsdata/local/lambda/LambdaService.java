// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import com.sun.net.httpserver.HttpServer;
import io.letsdata.local.process.Reaper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A Lambda service on a free port of the loopback interface, for a fixed set of functions. Whoever
 * starts it closes it.
 */
public final class LambdaService implements AutoCloseable {

  /**
   * What it serves and how.
   *
   * @param runtimeJars folder of AWS's Java runtime client
   * @param home logs, unpacked packages and the environments' /tmp go below it
   * @param initLimit of the init phase; AWS: 10 s
   * @param idleLimit after which a frozen environment ends
   * @param requestsPerConcurrency request rate limit a second, per unit of concurrency; AWS: 10; 0:
   *     none
   * @param payloadDump where payloads are kept, when at all
   * @param newEnvironments of a function at once and in each 10 s after; AWS: 1,000; 0: no limit
   * @param limitsTmp whether EphemeralStorage limits an environment's /tmp
   */
  public record Settings(
      Path runtimeJars,
      Path home,
      LocalIdentity identity,
      Duration initLimit,
      Duration idleLimit,
      double requestsPerConcurrency,
      Optional<Path> payloadDump,
      int newEnvironments,
      boolean limitsTmp) {}

  /** A function with its package and its reserved concurrency. */
  public record Deployment(FunctionDefinition definition, Path zip, int concurrency) {

    /** The archive of the package's classes: a file beside the zip, {@code .jsa} for its ending. */
    Optional<Path> archive() {
      String name = zip.getFileName().toString().replaceFirst("\\.zip$", "") + ".jsa";
      return Optional.of(zip.resolveSibling(name)).filter(Files::isRegularFile);
    }
  }

  private static final Duration MEMORY_POLL = Duration.ofMillis(50);
  private static final Duration IDLE_POLL = Duration.ofMillis(200);

  private final Settings settings;
  private final Reaper reaper;
  private final Supplier<Map<String, String>> serviceVariables;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final Map<String, HostedFunction> functions = new LinkedHashMap<>();
  private final FaultPlan plan = new FaultPlan();
  private final HttpServer server;

  private LambdaService(
      Settings settings, Reaper reaper, Supplier<Map<String, String>> serviceVariables)
      throws IOException {
    this.settings = settings;
    this.reaper = reaper;
    this.serviceVariables = serviceVariables;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
  }

  /**
   * Unpacks the packages and starts to serve; no environment is started before its first
   * invocation.
   *
   * @param serviceVariables what every function's environment gets beside its own variables; asked
   *     after the packages were unpacked and for each environment
   */
  public static LambdaService start(
      Settings settings,
      Reaper reaper,
      Supplier<Map<String, String>> serviceVariables,
      List<Deployment> deployments)
      throws IOException {
    LambdaService service = new LambdaService(settings, reaper, serviceVariables);
    try {
      if (settings.limitsTmp()) {
        TmpMount.check();
      }
      for (Deployment deployment : deployments) {
        service.deploy(deployment);
      }
      Map<String, String> unused = serviceVariables.get();
      service.serve();
      return service;
    } catch (IOException | RuntimeException e) {
      service.close();
      throw e;
    }
  }

  /** {@code http://127.0.0.1:<port>}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    timer.shutdownNow();
    functions.values().forEach(HostedFunction::close);
    server.stop(0);
    executor.shutdownNow();
  }

  private void deploy(Deployment deployment) throws IOException {
    FunctionDefinition definition = deployment.definition();
    Path root =
        new FunctionPackages(settings.home().resolve("packages")).unpacked(deployment.zip());
    Path logs = Files.createDirectories(settings.home().resolve("logs").resolve(definition.name()));
    EnvironmentPool pool =
        new EnvironmentPool(
            deployment.concurrency(),
            RateLimit.ofTenSeconds(settings.newEnvironments(), System::nanoTime),
            () -> environment(deployment, root, logs));
    double perSecond = settings.requestsPerConcurrency() * deployment.concurrency();
    HostedFunction previous =
        functions.put(
            definition.name(),
            new HostedFunction(
                definition,
                deployment.concurrency(),
                pool,
                new RateLimit(perSecond, System::nanoTime),
                executor,
                timer));
    if (previous != null) {
      throw new IOException("Cannot serve function %s: named twice.".formatted(definition.name()));
    }
  }

  private ExecutionEnvironment environment(Deployment deployment, Path root, Path logs) {
    String id = UUID.randomUUID().toString();
    FunctionProcess launcher =
        new FunctionProcess(
            deployment.definition(),
            settings.runtimeJars(),
            root,
            deployment.archive(),
            settings.home().resolve("tmp").resolve(id),
            logs.resolve(id + ".log"),
            settings.identity(),
            serviceVariables.get(),
            settings.limitsTmp());
    return new ExecutionEnvironment(id, launcher, reaper, executor, settings.initLimit());
  }

  private void serve() {
    InvokeApi invoke =
        new InvokeApi(
            functions,
            new FaultyRuns(plan, executor),
            new AsyncInvocations(executor, timer),
            new PayloadDump(settings.payloadDump()),
            settings.identity());
    server.createContext("/", invoke);
    server.createContext(AdminApi.BASE, new AdminApi(functions.values(), plan));
    server.setExecutor(executor);
    server.start();
    every(MEMORY_POLL, this::enforceMemory);
    every(IDLE_POLL, () -> functions.values().forEach(f -> f.pool().expire(settings.idleLimit())));
  }

  private void enforceMemory() {
    for (HostedFunction function : functions.values()) {
      function.pool().environments().forEach(ExecutionEnvironment::enforceMemory);
    }
  }

  private void every(Duration period, Runnable task) {
    var unused =
        timer.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }
}
