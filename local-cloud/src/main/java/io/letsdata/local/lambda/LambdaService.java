// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import com.sun.net.httpserver.HttpServer;
import io.letsdata.local.access.AccessToken;
import io.letsdata.local.access.LocalClientsOnly;
import io.letsdata.local.access.LocalIdentity;
import io.letsdata.local.environment.EnvironmentDisk;
import io.letsdata.local.environment.EnvironmentPool;
import io.letsdata.local.environment.ExecutionEnvironment;
import io.letsdata.local.environment.FunctionCode;
import io.letsdata.local.environment.FunctionDefinition;
import io.letsdata.local.environment.FunctionPackages;
import io.letsdata.local.environment.FunctionProcess;
import io.letsdata.local.environment.RateLimit;
import io.letsdata.local.environment.RuntimeHost;
import io.letsdata.local.process.Reaper;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A Lambda service on a free port of the loopback interface, for a fixed set of functions. The
 * caller that starts it closes it.
 */
@Internal
public final class LambdaService implements AutoCloseable {

  /**
   * Settings of the service.
   *
   * @param runtimeJars folder of AWS's Java runtime client
   * @param home folder for logs, unpacked packages and the environments' /tmp
   * @param adminToken opens the test controls
   * @param payloadDump folder that keeps each payload, if any
   */
  public record Settings(
      Path runtimeJars,
      Path home,
      LocalIdentity identity,
      AccessToken adminToken,
      LambdaLimits limits,
      Optional<Path> payloadDump) {}

  /** A function with its package and its concurrency, which may be reserved for it. */
  public record Deployment(
      FunctionDefinition definition, Path zip, int concurrency, boolean reserved) {
    /** Concurrency of an account (AWS: 1,000), to which a request rate belongs. */
    private static final int OF_THE_ACCOUNT = 1_000;

    int concurrencyForRequests() {
      return reserved ? concurrency : Math.max(concurrency, OF_THE_ACCOUNT);
    }
  }

  private static final Duration MEMORY_POLL = Duration.ofMillis(50);
  private static final Duration IDLE_POLL = Duration.ofMillis(200);

  private final Settings settings;
  private final Reaper reaper;
  private final Supplier<Map<String, String>> serviceVariables;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final Map<String, DeployedFunction> functions = new LinkedHashMap<>();
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
   * @param serviceVariables variables of every function's environment, beside its own; called after
   *     the packages were unpacked and for each environment
   */
  public static LambdaService start(
      Settings settings,
      Reaper reaper,
      Supplier<Map<String, String>> serviceVariables,
      List<Deployment> deployments)
      throws IOException {
    LambdaService service = new LambdaService(settings, reaper, serviceVariables);
    try {
      if (settings.limits().limitsTmp() || settings.limits().ownsDisk()) {
        EnvironmentDisk.check();
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
    functions.values().forEach(DeployedFunction::close);
    server.stop(0);
    executor.shutdownNow();
  }

  private void deploy(Deployment deployment) throws IOException {
    FunctionDefinition definition = deployment.definition();
    FunctionPackages packages = new FunctionPackages(settings.home().resolve("packages"));
    FunctionCode code = packages.unpacked(deployment.zip());
    AtomicReference<FunctionDefinition> current = new AtomicReference<>(definition);
    Path logs = Files.createDirectories(settings.home().resolve("logs").resolve(definition.name()));
    EnvironmentPool pool =
        new EnvironmentPool(
            deployment.concurrency(),
            RateLimit.ofTenSeconds(settings.limits().newEnvironments(), System::nanoTime),
            () -> environment(Objects.requireNonNull(current.get()), code, logs));
    double perSecond =
        settings.limits().requestsPerConcurrency() * deployment.concurrencyForRequests();
    DeployedFunction previous =
        functions.put(
            definition.name(),
            new DeployedFunction(
                current,
                code.sha256(),
                deployment.concurrency(),
                pool,
                new RateLimit(perSecond, System::nanoTime),
                timer));
    if (previous != null) {
      throw new IOException(
          "Cannot serve function %s: two functions have this name.".formatted(definition.name()));
    }
  }

  private ExecutionEnvironment environment(
      FunctionDefinition definition, FunctionCode code, Path logs) {
    String id = UUID.randomUUID().toString();
    FunctionProcess launcher =
        new FunctionProcess(
            definition,
            code,
            new RuntimeHost(
                settings.runtimeJars(),
                settings.identity(),
                settings.limits().limitsTmp(),
                settings.limits().ownsDisk()),
            serviceVariables.get(),
            settings.home().resolve("tmp").resolve(id),
            logs.resolve(id + ".log"));
    return new ExecutionEnvironment(id, launcher, reaper, executor, settings.limits().init());
  }

  private void serve() {
    InvokeApi invoke =
        new InvokeApi(
            functions,
            new FaultInjector(plan, executor),
            new AsyncInvocations(executor, timer),
            new PayloadDump(settings.payloadDump()),
            new SignatureCheck(settings.identity(), Clock.systemUTC()));
    AdminApi admin = new AdminApi(functions.values(), plan, settings.adminToken());
    server.createContext("/", invoke).getFilters().add(new LocalClientsOnly());
    server.createContext(AdminApi.BASE, admin).getFilters().add(new LocalClientsOnly());
    server.setExecutor(executor);
    server.start();
    every(MEMORY_POLL, this::enforceMemory);
    every(
        IDLE_POLL,
        () -> functions.values().forEach(f -> f.pool().expire(settings.limits().idle())));
  }

  private void enforceMemory() {
    for (DeployedFunction function : functions.values()) {
      function.pool().environments().forEach(ExecutionEnvironment::enforceMemory);
    }
  }

  private void every(Duration period, Runnable task) {
    var unused =
        timer.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }
}
