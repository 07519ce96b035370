// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.options.Internal;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.protocol.LogTail;
import io.letsdata.protocol.MergePayload;
import io.letsdata.protocol.SealedStore;
import io.letsdata.protocol.Session;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.protocol.TaskState;
import io.letsdata.protocol.WorkerRequests;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.executor.Executor;
import org.apache.spark.scheduler.TaskDescription;
import org.apache.spark.util.Utils$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime of Spark: a {@link SparkEnv} built without a driver and a stock {@link Executor}. One
 * task at a time; its owner closes it.
 */
@Internal
public final class WorkerRuntime implements TaskRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerRuntime.class);

  /** A quarter of /tmp at most holds broadcasts between tasks; the rest is for sorting. */
  private static final int BROADCAST_SHARE_OF_TMP = 4;

  private static final long LAST_LINES_PARK_NANOS = 20_000;

  private final String application;
  private final ObjectStore store;
  private final TaskSlot current;
  private final SparkEnv env;
  private final Executor executor;
  private final WorkerShuffle shuffle;
  private final CacheStore cache;
  private final BroadcastBlocks broadcasts;
  private final ApplicationEnd applicationEnd;
  private final FailureAdvice advice;
  private final ScheduledExecutorService watches = KillWatch.timer();

  /** Whether this process served another application before. */
  private volatile boolean sharesProcess;

  private WorkerRuntime(
      String application,
      ObjectStore store,
      TaskSlot current,
      SparkEnv env,
      Executor executor,
      WorkerShuffle shuffle,
      ApplicationEnd applicationEnd) {
    this.application = application;
    this.store = store;
    this.current = current;
    this.env = env;
    this.executor = executor;
    this.shuffle = shuffle;
    this.cache = new CacheStore(env.blockManager(), env.serializer(), store);
    this.applicationEnd = applicationEnd;
    long temporaryBytes = applicationEnd.files().totalBytes();
    this.broadcasts =
        new BroadcastBlocks(env.blockManager(), temporaryBytes / BROADCAST_SHARE_OF_TMP);
    this.advice = FailureAdvice.here(temporaryBytes);
  }

  /** Starts runtimes of Spark. */
  public static Factory factory() {
    return new Factory() {
      private String latest = "";
      private boolean shared;

      @Override
      public TaskRuntime start(TaskPayload first, Invocation invocation, ObjectStore store)
          throws IOException {
        SealedStore sealed = new SealedStore(store, first.session().key());
        return begin(first.session(), new CurrentTask(first, invocation, sealed), store, sealed);
      }

      @Override
      public TaskRuntime start(MergePayload first, Invocation invocation, ObjectStore store)
          throws IOException {
        SealedStore sealed = new SealedStore(store, first.session().key());
        return begin(first.session(), new CurrentTask(first, invocation, sealed), store, sealed);
      }

      private TaskRuntime begin(
          Session session, CurrentTask first, ObjectStore objects, SealedStore store)
          throws IOException {
        byte[] published = store.read(ObjectLocation.parse(session.conf()));
        SparkConf conf = WorkerConf.from(published, session.application(), executorId());
        shared |= !latest.isEmpty() && !latest.equals(session.application());
        if (shared && EnvironmentEnd.isWanted(conf)) {
          EnvironmentEnd.now();
        }
        latest = session.application();
        WorkerRuntime runtime = WorkerRuntime.begin(session, first, objects, store, conf);
        runtime.sharesProcess = shared;
        return runtime;
      }
    };
  }

  /**
   * @param objects the objects of the shuffle, of which readers take verified parts
   * @param store all other objects of the application
   */
  private static WorkerRuntime begin(
      Session session, CurrentTask first, ObjectStore objects, SealedStore store, SparkConf conf)
      throws IOException {
    ApplicationEnd end = ApplicationEnd.ofNext(Path.of(System.getProperty("java.io.tmpdir")));
    TaskSlot current = new TaskSlot();
    ProcessDefaults.set(conf);
    DriverlessRpcEnv rpcEnv = new DriverlessRpcEnv(conf, url -> open(store, current.get(), url));
    new DriverEndpoints(current).register(rpcEnv);
    current.set(first); // executor plugins may ask the endpoints
    Thread thread = Thread.currentThread();
    ClassLoader functions = thread.getContextClassLoader();
    ClassLoader own = WorkerRuntime.class.getClassLoader();
    thread.setContextClassLoader(
        EarlyClasses.loader(
            conf, functions == null ? own : functions, url -> open(store, first, url)));
    try {
      SparkEnv env =
          DriverlessEnv.create(
              conf,
              executorId(),
              rpcEnv,
              new StoreBlockTransferService(n -> current.get().block(n)));
      WorkerShuffle shuffle =
          new WorkerShuffle(objects, ObjectLocation.parse(session.root()), session.key(), current);
      ((S3ShuffleManager) env.shuffleManager()).bind(shuffle);
      Executor executor = DriverlessEnv.executor(env, executorId());
      return new WorkerRuntime(session.application(), store, current, env, executor, shuffle, end);
    } finally {
      thread.setContextClassLoader(functions);
    }
  }

  private static String executorId() {
    return "worker-" + ProcessHandle.current().pid();
  }

  private static ReadableByteChannel open(ObjectStore store, CurrentTask task, String url) {
    String location = task.files().get(url);
    if (location == null) {
      throw new IllegalStateException(
          "Cannot open " + url + ": the driver published no copy of it for this task.");
    }
    try {
      return Channels.newChannel(store.openAll(ObjectLocation.parse(location), Optional.empty()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String application() {
    return application;
  }

  @Override
  public TaskResponse run(TaskPayload payload, Invocation invocation) throws IOException {
    RequestCounts before = RequestMeter.PROCESS.counts();
    CurrentTask task = new CurrentTask(payload, invocation, store);
    current.set(task);
    shuffle.refresh(payload.shuffles(), env.mapOutputTracker());
    TaskDescription description =
        RunIds.unique(TaskDescription.decode(ByteBuffer.wrap(task.bytes(payload.task()))));
    LOG.info(
        "Task {} of {}, invocation {}, " + LogTail.STREAM + "{}, {} s left",
        payload.taskId(),
        application,
        invocation.nonce(),
        invocation.logStream(),
        invocation.remaining().toSeconds());
    End end = execute(payload, task, description);
    List<CachedBlock> cached = List.of();
    if (end.state() == TaskState.FINISHED) {
      cached = cache.store(task);
    } else {
      cache.drop(task);
    }
    broadcasts.trim();
    Blob result = result(payload, task, end.data());
    return new TaskResponse.Ended(
        payload.dispatch(),
        invocation.nonce(),
        end.state(),
        result,
        task.gate().held(),
        end.state() == TaskState.FINISHED ? null : task.gate().holder().orElse(null),
        List.copyOf(task.mapOutputs()),
        cached,
        WorkerRequests.toMap(RequestMeter.PROCESS.counts().minus(before)),
        invocation.logStream());
  }

  @Override
  public MergeReport merge(MergePayload payload, Invocation invocation) throws IOException {
    LOG.info(
        "Merge for stage {} of {}, " + LogTail.STREAM + "{}",
        payload.stageId(),
        application,
        invocation.logStream());
    MergeRun merge = new MergeRun(payload, invocation);
    KillWatch watch =
        KillWatch.start(
            watches,
            store,
            payload.session().layout().kill(payload.dispatch()),
            payload.killWatchAfterMillis(),
            merge::kill);
    try {
      return merge.run(
          (S3ShuffleManager) env.shuffleManager(),
          shuffle.table(payload.offsets()),
          payload.mergeJob());
    } finally {
      watch.close();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // private carrier; never compared
  private record End(TaskState state, byte[] data) {}

  private End execute(TaskPayload payload, CurrentTask task, TaskDescription description) {
    CompletableFuture<End> end = new CompletableFuture<>();
    long taskId = description.taskId();
    KillWatch watch =
        KillWatch.start(
            watches,
            store,
            task.layout().kill(payload.dispatch()),
            payload.killWatchAfterMillis(),
            () -> executor.killTask(taskId, true, "killed by the driver"));
    try {
      executor.launchTask(
          (id, state, data) -> {
            if (org.apache.spark.TaskState.isFinished(state)) {
              TaskState ended = TaskState.valueOf(state.toString());
              byte[] bytes = new byte[data.remaining()];
              data.duplicate().get(bytes);
              end.complete(new End(ended, explained(ended, bytes, task)));
            }
          },
          description);
      End ended = end.get();
      awaitLastLines();
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a task ran", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      watch.close();
    }
  }

  /**
   * Waits until the task's thread has returned: it has reported the end of the task and still
   * writes its last log lines. Parks between looks, because the thread may need this very core.
   */
  private void awaitLastLines() {
    while (!executor.runningTasks().isEmpty()) {
      LockSupport.parkNanos(LAST_LINES_PARK_NANOS);
    }
  }

  private byte[] explained(TaskState state, byte[] reason, CurrentTask task) {
    return state == TaskState.FAILED
        ? advice.explain(
            reason,
            failure -> remedyHere(failure, task),
            env.closureSerializer().newInstance(),
            executor.defaultSessionState().replClassLoader())
        : reason;
  }

  /**
   * The remedy that only this process knows. Does not return when that is another process, which
   * the driver finds: the attempt has not failed then.
   */
  private Optional<String> remedyHere(String failure, CurrentTask task) {
    if (sharesProcess && !task.gate().held() && EnvironmentEnd.isRemedyOf(failure)) {
      EnvironmentEnd.now();
    }
    return task.unreadBlock(failure);
  }

  private Blob result(TaskPayload payload, CurrentTask task, byte[] data) throws IOException {
    if (data.length <= payload.inlineLimitBytes()) {
      return Blob.of(data);
    }
    ObjectLocation location = task.layout().result(payload.dispatch(), task.nonce());
    store.put(location, ObjectContent.of(data));
    return Blob.at(location);
  }

  /**
   * Stops executor and environment, and removes the state that the application left behind. Does
   * not return when the application shares its process with no other.
   */
  @Override
  public void close() {
    ClassLoader userClasses = executor.defaultSessionState().replClassLoader();
    executor.stop();
    watches.shutdownNow();
    SparkEnv.set(null);
    applicationEnd.clear(
        userClasses,
        Arrays.stream(Utils$.MODULE$.getOrCreateLocalRootDirs(env.conf()))
            .map(Path::of)
            .collect(Collectors.toSet()));
    if (EnvironmentEnd.isWanted(env.conf())) {
      EnvironmentEnd.now();
    }
  }
}
