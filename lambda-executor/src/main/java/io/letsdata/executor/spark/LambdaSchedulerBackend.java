// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import io.letsdata.executor.account.Prices;
import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.account.RunReport;
import io.letsdata.executor.invoke.FunctionLookup;
import io.letsdata.executor.invoke.LambdaClients;
import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.dispatch.CommitRights;
import io.letsdata.executor.spark.dispatch.TaskDispatch;
import io.letsdata.executor.spark.dispatch.TaskRunner;
import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.executor.spark.publish.BroadcastPublisher;
import io.letsdata.executor.spark.publish.CachedBlocks;
import io.letsdata.executor.spark.publish.EndOfRun;
import io.letsdata.executor.spark.publish.Exchanges;
import io.letsdata.executor.spark.publish.FilePublisher;
import io.letsdata.executor.spark.publish.Merges;
import io.letsdata.executor.spark.publish.PayloadBuilder;
import io.letsdata.executor.spark.publish.ShufflePublisher;
import io.letsdata.executor.spark.publish.StageInputs;
import io.letsdata.executor.spark.publish.StagePublisher;
import io.letsdata.executor.spark.publish.StoreEndpoint;
import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.executor.spark.rules.SessionChecks;
import io.letsdata.options.UserErrorException;
import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.protocol.RunLayout;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.s3.SharedStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
import org.apache.spark.SparkEnv;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.TaskDescription;
import org.apache.spark.scheduler.WorkerOffer;
import org.apache.spark.util.ShutdownHookManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Some;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.immutable.Map$;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;

/**
 * Runs every task in an invocation of its own. A slot is one virtual executor on a virtual host of
 * its own, so that a speculative copy never lands beside the original. Owned by the SparkContext,
 * which starts and stops it.
 */
public final class LambdaSchedulerBackend implements SchedulerBackend {
  private static final Logger LOG = LoggerFactory.getLogger(LambdaSchedulerBackend.class);
  private static final String SLOT = "lambda-";
  private static final int BLOCKING_THREADS = 16;
  private static final long STOP_SECONDS = 2;
  private static final Duration CLEANING_AT_CTRL_C = Duration.ofSeconds(2);
  private static final Duration CLEANING_AT_MOST = Duration.ofMinutes(2);

  private final SparkContext context;
  private final LambdaTaskScheduler scheduler;
  private final LambdaSettings settings;
  private final String application = "letsdata-" + UUID.randomUUID();
  private final RunLayout layout;
  private final ObjectStore store;
  private final RunAccount account = new RunAccount(RequestMeter.PROCESS::counts);
  private final ExecutorService blocking =
      Executors.newFixedThreadPool(BLOCKING_THREADS, named("letsdata-io"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(named("letsdata-timer"));
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(named("letsdata-sender"));
  private final ScheduledExecutorService offers =
      Executors.newSingleThreadScheduledExecutor(named("letsdata-offers"));
  private final AtomicBoolean offerPending = new AtomicBoolean();
  private final Slots slots;
  private volatile boolean stopped;
  private @Nullable String traitApplicationId;
  private @Nullable LambdaAsyncClient client;
  private @Nullable StagePublisher publisher;
  private @Nullable LambdaInvoker invoker;
  private @Nullable TaskRunner runner;
  private @Nullable Merges merges;
  private @Nullable CommitRights rights;
  private @Nullable RunHeartbeat heartbeat;
  private @Nullable VirtualExecutors executors;

  @SuppressWarnings("this-escape") // the trait's initializer only sets its own field
  LambdaSchedulerBackend(
      SparkContext context, LambdaTaskScheduler scheduler, LambdaSettings settings) {
    this.context = context;
    this.scheduler = scheduler;
    this.settings = settings;
    this.layout = new RunLayout(settings.runLocation().resolve(application));
    this.store = SharedStores.get(settings.store());
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

  /** What the application took so far. No request. */
  public RunReport report() {
    return account.report();
  }

  /** {@code s3://bucket/prefix} of everything this application puts into the store. */
  public String root() {
    return layout.root().toString();
  }

  /**
   * Asks for the function and takes the application's prefix: one GetFunctionConfiguration, one
   * PUT.
   *
   * @throws UserErrorException when the function, the bucket or the permission is missing
   */
  @Override
  public void start() {
    LambdaAsyncClient lambda = LambdaClients.create(settings);
    client = lambda;
    LambdaInvoker invocations = new LambdaInvoker(lambda, settings, timer, sender, account);
    invoker = invocations;
    FunctionInfo function = new FunctionLookup(lambda, settings).describe();
    account.architecture(function.architecture());
    RunPrefix.take(context.conf(), settings, store, layout);
    heartbeat = RunHeartbeat.start(store, layout.root());
    SparkEnv env = context.env();
    SecretScrub scrub = new SecretScrub(SessionChecks.secretRule(context.conf()));
    BroadcastPublisher broadcasts = new BroadcastPublisher(env, scrub, store, layout, blocking);
    CachedBlocks cached = new CachedBlocks(env.blockManager().master());
    RpcEndpointRef storeEndpoint =
        env.rpcEnv()
            .setupEndpoint(
                StoreEndpoint.NAME,
                new StoreEndpoint(env.rpcEnv(), cached, broadcasts, store, blocking));
    env.blockManager()
        .master()
        .registerBlockManager(SparkInternals.STORE, new String[0], 0L, 0L, storeEndpoint, false);
    S3ShuffleManager manager = (S3ShuffleManager) env.shuffleManager();
    OutputRegistry offsets = manager.registry();
    PayloadBuilder payloads =
        new PayloadBuilder(
            application,
            settings,
            layout,
            store,
            new FilePublisher(env.rpcEnv(), store, layout),
            SessionChecks.secretRule(context.conf()));
    ShufflePublisher shuffles =
        new ShufflePublisher(env, store, layout, offsets, settings.inlineLimitBytes());
    Merges merging =
        new Merges(
            function,
            settings.concurrency(),
            invocations,
            store,
            layout,
            offsets,
            account,
            blocking,
            timer,
            System::nanoTime,
            this::offer);
    merges = merging;
    publisher =
        new StagePublisher(
            context,
            broadcasts,
            scrub,
            cached,
            shuffles,
            new Exchanges(
                function,
                offsets,
                manager.exchangeOptions(),
                Prices.exchange(function, settings.concurrency()),
                shuffles,
                payloads,
                merging),
            storeEndpoint,
            settings.inlineLimitBytes(),
            blocking);
    executors = new VirtualExecutors(context, scheduler.CPUS_PER_TASK(), LogLinks.of(settings));
    CommitRights commitRights = new CommitRights(store, layout);
    rights = commitRights;
    runner =
        new TaskRunner(
            settings,
            function,
            invocations,
            payloads,
            store,
            layout,
            offsets,
            cached,
            commitRights,
            new SchedulerTaskEnds(scheduler, env),
            account,
            blocking,
            timer);
    // Offers are repeated as CoarseGrainedSchedulerBackend does: speculation and delays need the
    // tick.
    var unused =
        offers.scheduleWithFixedDelay(this::reviveOffers, 1_000, 1_000, TimeUnit.MILLISECONDS);
  }

  StagePublisher publisher() {
    return started(publisher);
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
   * tasks wait in Spark's scheduler and not as running ones.
   */
  private void makeOffers() {
    offerPending.set(false);
    if (scheduler.isIdle()) {
      return;
    }
    List<WorkerOffer> free = new ArrayList<>();
    for (int slot : slots.toOffer(started(invoker).room())) {
      String name = SLOT + slot;
      started(executors).announce(slot, name);
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
      var offered = JavaConverters.asScalaBuffer(free).toIndexedSeq();
      for (Seq<TaskDescription> tasks :
          SparkInternals.list(scheduler.resourceOffers(offered, true))) {
        for (TaskDescription task : SparkInternals.list(tasks)) {
          dispatch(task);
        }
      }
    } catch (RuntimeException e) {
      LOG.error("Cannot offer slots", e);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // ended() never fails
  private void dispatch(TaskDescription task) {
    StageInputs inputs = scheduler.inputsOf(task.taskId()).orElse(null);
    if (inputs == null) {
      return; // its stage ended in between and Spark wants no answer
    }
    int slot = Integer.parseInt(task.executorId().substring(SLOT.length()));
    slots.take(slot);
    int generation = started(rights).generation(inputs.stageId(), task.partitionId());
    TaskDispatch dispatch = new TaskDispatch(task, inputs, slot, generation);
    dispatch
        .ended()
        .whenComplete(
            (done, never) -> {
              slots.free(slot);
              offer();
            });
    started(runner).start(dispatch);
  }

  @Override
  public void killTask(long taskId, String executorId, boolean interruptThread, String reason) {
    started(runner).kills().kill(taskId, reason);
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
   * Ends within seconds: raises the kill flags of what is in flight for at most 2 s, then deletes
   * the application's objects unless {@code spark.letsdata.run.keep} is set. A PUT for each task in
   * flight, which stays for its worker to find; one LIST and one DELETE per 1000 objects. When the
   * process is ending (Ctrl-C), deleting ends after 2 s, even if the store does not answer; {@code
   * letsdata gc} deletes the rest.
   */
  @Override
  public void stop() {
    stopped = true;
    offers.shutdownNow();
    TaskRunner tasks = runner;
    Set<String> flags = new HashSet<>();
    if (tasks != null) {
      flags.addAll(tasks.kills().all());
    }
    if (merges != null) {
      flags.addAll(merges.killAll());
    }
    timer.shutdownNow();
    sender.shutdown(); // may be about to send or to drop what nobody wants
    blocking.shutdown();
    try {
      if (!blocking.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        blocking.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (client != null) {
      client.close();
    }
    EndOfRun end =
        new EndOfRun(store, layout.root(), heartbeat, tasks == null || settings.keepRun(), flags);
    if (ShutdownHookManager.inShutdown()) {
      end.cleanUnlessItHangs(CLEANING_AT_CTRL_C);
    } else {
      end.clean(CLEANING_AT_MOST);
    }
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("The Lambda backend has not been started");
    }
    return part;
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, prefix + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
