// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.account.RunReport;
import io.letsdata.executor.invoke.LambdaConnection;
import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.JvmDefaults;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.dispatch.Dispatching;
import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.executor.spark.publish.Publishing;
import io.letsdata.executor.spark.publish.RunContext;
import io.letsdata.executor.spark.publish.RunRemoval;
import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.executor.spark.rules.SessionChecks;
import io.letsdata.executor.spark.rules.SettingRules;
import io.letsdata.options.Internal;
import io.letsdata.options.UserErrorException;
import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.protocol.RunKey;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.SealedStore;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.s3.SharedStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.TaskDescription;
import org.apache.spark.scheduler.TaskSet;
import org.apache.spark.scheduler.WorkerOffer;
import org.apache.spark.util.ShutdownHookManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Some;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.immutable.Map$;

/**
 * Runs every task in its own invocation. A slot is one virtual executor on its own virtual host, so
 * that Spark never places a speculative attempt in the slot of the first one. Owned by the
 * SparkContext, which starts and stops it.
 */
@Internal
public final class LambdaSchedulerBackend implements SchedulerBackend {
  private static final Logger LOG = LoggerFactory.getLogger(LambdaSchedulerBackend.class);
  private static final String SLOT = "lambda-";
  private static final int IO_THREADS = 16;
  private static final long STOP_SECONDS = 2;
  private static final Duration REMOVAL_AT_CTRL_C = Duration.ofSeconds(2);
  private static final Duration REMOVAL_AT_MOST = Duration.ofMinutes(2);

  private final SparkContext context;
  private final LambdaTaskScheduler scheduler;
  private final LambdaSettings settings;
  private final String application = "letsdata-" + UUID.randomUUID();
  private final RunLayout layout;
  private final ObjectStore store;
  private final RunKey key = RunKey.random();
  private final RunAccount account = new RunAccount(RequestMeter.PROCESS::counts);
  private final ExecutorService io =
      Executors.newFixedThreadPool(
          IO_THREADS, named("letsdata-io", RunContext.Threads.IO_STACK_BYTES));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(named("letsdata-timer"));
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(named("letsdata-sender"));
  private final ScheduledExecutorService offers =
      Executors.newSingleThreadScheduledExecutor(named("letsdata-offers"));
  private final AtomicBoolean offerPending = new AtomicBoolean();
  private final Slots slots;
  private volatile boolean stopped;
  private volatile Optional<Running> running = Optional.empty();
  private @Nullable String traitApplicationId;

  /** The parts that exist from start to stop. */
  private record Running(
      LambdaConnection lambda,
      RunHeartbeat heartbeat,
      LambdaInvoker invoker,
      Publishing publishing,
      Dispatching dispatching,
      VirtualExecutors executors) {}

  @SuppressWarnings("this-escape") // the trait's initializer only sets its own field
  LambdaSchedulerBackend(
      SparkContext context, LambdaTaskScheduler scheduler, LambdaSettings settings) {
    this.context = context;
    this.scheduler = scheduler;
    this.settings = settings;
    this.layout = new RunLayout(settings.runLocation().resolve(application));
    this.store = new SealedStore(SharedStores.get(settings.store()), key);
    this.slots = new Slots(settings.concurrency());
    SchedulerBackend.$init$(this);
  }

  // The trait's private val, as Scala 2.12 compiles it.
  @Override
  public void
      org$apache$spark$scheduler$SchedulerBackend$_setter_$org$apache$spark$scheduler$SchedulerBackend$$appId_$eq(
          String id) {
    traitApplicationId = id;
  }

  @Override
  public String org$apache$spark$scheduler$SchedulerBackend$$appId() {
    return String.valueOf(traitApplicationId);
  }

  @Override
  public String applicationId() {
    return application;
  }

  /** The resources that the application has used so far. No request. */
  public RunReport report() {
    return account.report();
  }

  /** {@code s3://bucket/prefix} of everything this application puts into the store. */
  public String root() {
    return layout.root().toString();
  }

  /**
   * Looks up the function and takes the application's prefix: one GetFunctionConfiguration, one
   * PUT.
   *
   * @throws UserErrorException when the function, the bucket or the permission is missing
   */
  @Override
  public void start() {
    LambdaConnection lambda = LambdaConnection.open(settings);
    try {
      running = Optional.of(start(lambda));
    } catch (RuntimeException | Error e) {
      lambda.close();
      throw e;
    }
    // Repeated as CoarseGrainedSchedulerBackend does: speculation and locality delays need it.
    var unused =
        offers.scheduleWithFixedDelay(this::reviveOffers, 1_000, 1_000, TimeUnit.MILLISECONDS);
  }

  private Running start(LambdaConnection lambda) {
    FunctionInfo function = lambda.describe();
    account.architecture(function.architecture());
    warnOfDifferences(function);
    byte[] conf = RunPrefix.take(context.conf(), settings, store, layout);
    RunHeartbeat heartbeat = RunHeartbeat.start(store, layout.root());
    try {
      LambdaInvoker invoker =
          lambda.invoker(timer, sender, account, SessionChecks.secretRule(context.conf()));
      RunContext run =
          new RunContext(
              settings,
              function,
              store,
              layout,
              invoker,
              account,
              new RunContext.Threads(io, timer));
      S3ShuffleManager shuffle = (S3ShuffleManager) context.env().shuffleManager();
      Publishing publishing =
          Publishing.of(run, application, key, conf, context, shuffle, this::offer);
      Dispatching dispatching =
          Dispatching.of(
              run,
              publishing,
              shuffle.registry(),
              new SchedulerTaskReporter(scheduler, context.env()));
      VirtualExecutors executors =
          new VirtualExecutors(context, scheduler.CPUS_PER_TASK(), LogLinks.of(settings));
      return new Running(lambda, heartbeat, invoker, publishing, dispatching, executors);
    } catch (RuntimeException | Error e) {
      heartbeat.close();
      throw e;
    }
  }

  /** Says what user code finds different in driver and function, before it computes with it. */
  private void warnOfDifferences(FunctionInfo function) {
    String options = context.conf().get(SettingRules.JAVA_OPTIONS, "");
    List<String> differences =
        function
            .jvm()
            .map(jvm -> JvmDefaults.here().differences(jvm.with(options)))
            .orElse(List.of());
    if (!differences.isEmpty()) {
      LOG.warn(
          "Driver and function '{}' differ: {}.",
          settings.function(),
          String.join("; ", differences));
    }
  }

  private Running running() {
    return running.orElseThrow(
        () -> new IllegalStateException("The Lambda backend has not been started"));
  }

  /** Starts to publish the inputs of a stage; see {@link Publishing#snapshot}. */
  StageInputs snapshot(TaskSet stage) {
    return running().publishing().snapshot(stage);
  }

  @Override
  public void reviveOffers() {
    slots.offerAll();
    offer();
  }

  private void offer() {
    if (!stopped && offerPending.compareAndSet(false, true)) {
      try {
        offers.execute(this::makeOffers);
      } catch (RejectedExecutionException e) {
        LOG.debug("The application is stopping", e);
      }
    }
  }

  /**
   * Runs on the offers thread only. Slots that Lambda would not serve now are not offered, so that
   * tasks wait in Spark's scheduler and do not count as running.
   */
  private void makeOffers() {
    offerPending.set(false);
    if (scheduler.isIdle()) {
      return;
    }
    List<WorkerOffer> free = new ArrayList<>();
    for (int slot : slots.toOffer(running().invoker().room())) {
      String name = SLOT + slot;
      running().executors().announce(slot, name);
      free.add(
          new WorkerOffer(
              name,
              name,
              scheduler.CPUS_PER_TASK(),
              new Some<>(name + ":1"),
              Map$.MODULE$.empty(),
              ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID()));
    }
    if (free.isEmpty()) {
      return;
    }
    try {
      running().dispatching().duringOffers(() -> place(free));
    } catch (RuntimeException e) {
      LOG.error("Cannot offer slots", e);
    }
  }

  private void place(List<WorkerOffer> free) {
    var offered = JavaConverters.asScalaBuffer(free).toIndexedSeq();
    for (Seq<TaskDescription> tasks :
        SparkInternals.list(scheduler.resourceOffers(offered, true))) {
      for (TaskDescription task : SparkInternals.list(tasks)) {
        dispatch(task);
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it never fails
  private void dispatch(TaskDescription task) {
    StageInputs inputs = scheduler.inputsOf(task.taskId()).orElse(null);
    if (inputs == null) {
      return; // its stage has ended since, and Spark expects no report
    }
    int slot = Integer.parseInt(task.executorId().substring(SLOT.length()));
    slots.take(slot);
    running()
        .dispatching()
        .start(task, inputs)
        .whenComplete(
            (done, ignored) -> {
              slots.free(slot);
              offer();
            });
  }

  @Override
  public void killTask(long taskId, String executorId, boolean interruptThread, String reason) {
    running().dispatching().kill(taskId, reason);
  }

  @Override
  public int defaultParallelism() {
    return context.conf().getInt("spark.default.parallelism", Math.max(settings.concurrency(), 2));
  }

  @Override
  public int maxNumConcurrentTasks(ResourceProfile profile) {
    return settings.concurrency();
  }

  /**
   * Ends within seconds: raises the kill flags of all tasks and merges in flight for at most 2 s,
   * then deletes the application's objects unless {@code spark.letsdata.run.keep} is set. A PUT for
   * each task in flight, which stays for its worker to find; one LIST and one DELETE per 1000
   * objects. When the process is ending (Ctrl-C), deleting ends after 2 s, even if the store does
   * not respond; {@code letsdata gc} deletes the rest.
   */
  @Override
  public void stop() {
    stopped = true;
    offers.shutdownNow();
    Set<String> flags = new HashSet<>();
    running.ifPresent(
        run -> {
          flags.addAll(run.dispatching().killAll());
          flags.addAll(run.publishing().killAll());
        });
    timer.shutdownNow();
    sender.shutdown(); // may be about to send, or to drop what is not wanted
    io.shutdown();
    try {
      if (!io.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        io.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.ifPresent(run -> end(run, flags));
  }

  private void end(Running run, Set<String> flags) {
    run.lambda().close();
    RunRemoval removal =
        new RunRemoval(store, layout.root(), run.heartbeat(), settings.keepRun(), flags);
    if (ShutdownHookManager.inShutdown()) {
      removal.cleanUnlessItHangs(REMOVAL_AT_CTRL_C);
    } else {
      removal.clean(REMOVAL_AT_MOST);
    }
  }

  private static ThreadFactory named(String prefix) {
    return named(prefix, 0);
  }

  private static ThreadFactory named(String prefix, long stackBytes) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(null, work, prefix + "-" + count.incrementAndGet(), stackBytes);
      thread.setDaemon(true);
      return thread;
    };
  }
}
