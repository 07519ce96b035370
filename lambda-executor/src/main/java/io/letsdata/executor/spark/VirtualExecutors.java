// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import java.util.BitSet;
import java.util.Map;
import org.apache.spark.ExecutorRemoved;
import org.apache.spark.SparkContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.scheduler.LiveListenerBus;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockManagerAdded;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.cluster.ExecutorInfo;
import org.apache.spark.storage.BlockManagerId;
import scala.Option;
import scala.Some;
import scala.Tuple2;
import scala.collection.immutable.Map$;
import scala.reflect.ClassTag$;

/**
 * Shows slots as executors: in the Executors tab, the REST API, the event log and to listeners. A
 * slot sends no heartbeats, but Spark's receiver expects them from every executor that was added;
 * so each slot is removed from the receiver at once (HeartbeatReceiver.scala, 3.5.9). No request.
 */
final class VirtualExecutors extends SparkListener {
  /** More would overflow the queues of Spark's listener bus, which hold 10,000 events. */
  static final int SHOWN = 1_000;

  private final LiveListenerBus bus;
  private final RpcEndpointRef heartbeats;
  private final int taskCpus;
  private final scala.collection.immutable.Map<String, String> logs;
  private final BitSet announced = new BitSet();

  /**
   * @param logs links by name, shown with every slot
   */
  @SuppressWarnings("this-escape") // the bus calls back only once a slot is announced
  VirtualExecutors(SparkContext context, int taskCpus, Map<String, String> logs) {
    this.bus = context.listenerBus();
    this.heartbeats =
        context
            .env()
            .rpcEnv()
            .setupEndpointRef(context.env().rpcEnv().address(), "HeartbeatReceiver");
    this.taskCpus = taskCpus;
    var links = Map$.MODULE$.<String, String>newBuilder();
    logs.forEach((label, url) -> links.$plus$eq(new Tuple2<>(label, url)));
    this.logs = links.result();
    // Events reach listeners of one queue in the order in which they were added to it: the receiver
    // was added by the SparkContext's constructor.
    bus.addToManagementQueue(this);
  }

  /** Announces a slot once; call before a task may start in it. One thread. */
  void announce(int slot, String name) {
    if (slot < SHOWN && !announced.get(slot)) {
      announced.set(slot);
      long now = System.currentTimeMillis();
      bus.post(new SparkListenerExecutorAdded(now, name, new ExecutorInfo(name, taskCpus, logs)));
      // Its address is read from this event; it stores no blocks, the store does.
      bus.post(
          new SparkListenerBlockManagerAdded(
              now,
              BlockManagerId.apply(name, name, 1, Option.empty()),
              0,
              new Some<>(0L),
              new Some<>(0L)));
    }
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded event) {
    var unused =
        heartbeats.ask(new ExecutorRemoved(event.executorId()), ClassTag$.MODULE$.Boolean());
  }
}
