// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.scale;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.TaskState;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.TaskDescription;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.WorkerOffer;
import org.jspecify.annotations.Nullable;
import scala.Some;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.immutable.Map$;

/**
 * The least a backend can do: every task is answered at once, by the thread that was offered it. As
 * Spark's own does, it offers the slots of tasks that ended. Owned by the SparkContext.
 */
final class EchoBackend implements SchedulerBackend {
  private final TaskSchedulerImpl scheduler;
  private final int slots;
  private final byte[] result = EchoResult.bytes();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread created = new Thread(work, "echo-backend");
            created.setDaemon(true);
            return created;
          });
  private @Nullable String traitApplicationId;

  @SuppressWarnings("this-escape") // the trait's initializer only sets its own field
  EchoBackend(TaskSchedulerImpl scheduler, int slots) {
    this.scheduler = scheduler;
    this.slots = slots;
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
  public void start() {}

  @Override
  public void stop() {
    thread.shutdownNow();
  }

  @Override
  public void reviveOffers() {
    thread.execute(
        () -> {
          Deque<String> free = new ArrayDeque<>();
          for (int slot = 0; slot < slots; slot++) {
            free.add("echo-" + slot);
          }
          while (!free.isEmpty()) {
            List<WorkerOffer> offers = new ArrayList<>();
            free.forEach(name -> offers.add(offer(name)));
            free.clear();
            run(offers, free);
          }
        });
  }

  private WorkerOffer offer(String name) {
    return new WorkerOffer(
        name,
        name,
        scheduler.CPUS_PER_TASK(),
        new Some<>(name + ":1"),
        Map$.MODULE$.empty(),
        ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID());
  }

  private void run(List<WorkerOffer> offers, Deque<String> ended) {
    var offered = JavaConverters.asScalaBuffer(offers).toIndexedSeq();
    for (Seq<TaskDescription> tasks :
        JavaConverters.seqAsJavaList(scheduler.resourceOffers(offered, true))) {
      for (TaskDescription task : JavaConverters.seqAsJavaList(tasks)) {
        scheduler.statusUpdate(task.taskId(), TaskState.FINISHED(), ByteBuffer.wrap(result));
        ended.add(task.executorId());
      }
    }
  }

  @Override
  public int defaultParallelism() {
    return slots;
  }

  @Override
  public int maxNumConcurrentTasks(ResourceProfile profile) {
    return slots;
  }
}
