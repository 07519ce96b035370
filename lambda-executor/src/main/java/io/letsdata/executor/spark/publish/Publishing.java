// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.account.Prices;
import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.executor.spark.rules.SessionChecks;
import io.letsdata.options.Internal;
import io.letsdata.options.SecretRule;
import io.letsdata.protocol.RunKey;
import io.letsdata.protocol.Session;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectStore;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.scheduler.TaskSet;

/**
 * The publishers of an application: the parts of this package, put together. Thread-safe; closes
 * nothing.
 */
@Internal
public final class Publishing {
  private final StagePublisher stages;
  private final PayloadBuilder payloads;
  private final CachedBlocks cached;
  private final MergeDispatcher merges;
  private final VanishedInputs vanished;

  private Publishing(
      StagePublisher stages,
      PayloadBuilder payloads,
      CachedBlocks cached,
      MergeDispatcher merges,
      VanishedInputs vanished) {
    this.stages = stages;
    this.payloads = payloads;
    this.cached = cached;
    this.merges = merges;
    this.vanished = vanished;
  }

  /**
   * Makes the publishers, and registers the store with Spark as an executor that holds blocks. No
   * request.
   *
   * @param application its id, which the context does not know yet
   * @param key of the application
   * @param conf the published conf
   * @param roomAgain called when a merge has ended and a task could be invoked; must not block
   */
  public static Publishing of(
      RunContext run,
      String application,
      RunKey key,
      byte[] conf,
      SparkContext context,
      S3ShuffleManager shuffle,
      Runnable roomAgain) {
    SparkEnv env = context.env();
    SecretRule secrets = SessionChecks.secretRule(context.conf());
    ObjectStore persistent = new RepeatedPuts(run.store());
    BroadcastPublisher broadcasts =
        new BroadcastPublisher(
            env, new SecretScrub(secrets), persistent, run.layout(), run.threads().io());
    CachedBlocks cached = new CachedBlocks(env.blockManager().master());
    RpcEndpointRef storeEndpoint = registerStore(run, env, cached, broadcasts);
    StoredBlockReads.install(env, cached, run.store());
    OutputRegistry offsets = shuffle.registry();
    FilePublisher files = new FilePublisher(env.rpcEnv(), persistent, run.layout());
    VanishedInputs vanished =
        new VanishedInputs(
            run.store(),
            run.layout(),
            System::nanoTime,
            List.of(
                new VanishedInputs.Source(
                    () -> List.of(run.layout().conf()),
                    location -> persistent.put(location, ObjectContent.of(conf))),
                new VanishedInputs.Source(files::published, files::publishAgain),
                new VanishedInputs.Source(broadcasts::published, broadcasts::publishAgain)));
    PayloadBuilder payloads =
        new PayloadBuilder(
            Session.of(application, run.layout(), run.settings().store().toProperties(), key),
            run.settings(),
            run.function().limit(),
            run.store(),
            files,
            secrets);
    ShufflePublisher shuffles =
        new ShufflePublisher(
            env, run.store(), run.layout(), offsets, run.settings().inlineLimitBytes());
    MergeDispatcher merges = new MergeDispatcher(run, offsets, System::nanoTime, roomAgain);
    ExchangePlanner exchanges =
        new ExchangePlanner(
            run.function(),
            offsets,
            shuffle.exchangeOptions(),
            Prices.exchange(run.function(), run.settings().concurrency()),
            shuffles,
            payloads,
            merges);
    StagePublisher stages =
        new StagePublisher(run, context, broadcasts, cached, shuffles, exchanges, storeEndpoint);
    return new Publishing(stages, payloads, cached, merges, vanished);
  }

  private static RpcEndpointRef registerStore(
      RunContext run, SparkEnv env, CachedBlocks cached, BroadcastPublisher broadcasts) {
    RpcEndpointRef endpoint =
        env.rpcEnv()
            .setupEndpoint(
                StoreEndpoint.NAME,
                new StoreEndpoint(
                    env.rpcEnv(), cached, broadcasts, run.store(), run.threads().io()));
    env.blockManager()
        .master()
        .registerBlockManager(SparkInternals.STORE, new String[0], 0L, 0L, endpoint, false);
    return endpoint;
  }

  /**
   * Starts to publish the inputs of a stage's tasks. Call on the DAG scheduler's event loop; never
   * throws, never blocks on the store.
   */
  public StageInputs snapshot(TaskSet stage) {
    return stages.snapshot(stage);
  }

  /** Makes payloads of tasks. */
  public PayloadBuilder payloads() {
    return payloads;
  }

  /** The cached blocks in the store. */
  public CachedBlocks cached() {
    return cached;
  }

  /**
   * Publishes the inputs again that a failure of a worker names and that are missing.
   *
   * @return whether another try will find all that it names
   */
  public boolean restore(String failure) {
    return vanished.restore(failure);
  }

  /**
   * Raises the kill flags of all merges in flight, later; for the end of the application. One PUT
   * each.
   *
   * @return keys of the flags
   */
  public Set<String> killAll() {
    return merges.killAll();
  }
}
