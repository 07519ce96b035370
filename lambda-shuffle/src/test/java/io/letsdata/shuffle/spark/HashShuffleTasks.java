// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.spark.write.TaskMemory;
import io.letsdata.shuffle.write.PartitionBuffers;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.memory.MemoryConsumer;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.memory.TaskMemoryManager;
import org.apache.spark.storage.DiskBlockManager;
import scala.Tuple2;

/** What {@link HashShuffleWriterIT} has tasks do and see; they run in its own process. */
final class HashShuffleTasks {
  static final int VALUE_BYTES = 1_000;
  static final int RECORDS_A_MAP = 6_000;
  static final int MAPS = 2;

  /** The most shuffle files that were there when a map task had written something. */
  static final AtomicLong FILES_SEEN = new AtomicLong();

  /** Bytes of memory that map tasks had not given back when Spark took it back itself. */
  static final AtomicLong MEMORY_LEFT = new AtomicLong();

  private HashShuffleTasks() {}

  /** {@link #MAPS} tasks; each fails at record {@code failAt}; without an end if that is -1. */
  static JavaPairRDD<Integer, byte[]> records(ShuffleHarness harness, long failAt) {
    return harness
        .context()
        .parallelize(IntStream.range(0, MAPS).boxed().toList(), MAPS)
        .mapPartitionsToPair(
            maps -> {
              watchEnd();
              return new Records(maps.next(), failAt);
            });
  }

  /** A sum that depends on every byte of every record. */
  static long digest(JavaPairRDD<Integer, byte[]> records) {
    return records
        .map(record -> (record._1() + 1L) * Arrays.hashCode(record._2()))
        .reduce(Long::sum);
  }

  static long expectedDigest() {
    long sum = 0;
    for (int map = 0; map < MAPS; map++) {
      for (int i = 0; i < RECORDS_A_MAP; i++) {
        Tuple2<Integer, byte[]> record = Records.of(map, i);
        sum += (record._1() + 1L) * Arrays.hashCode(record._2());
      }
    }
    return sum;
  }

  /** Shuffle files of this process, temporary ones included. */
  static long shuffleFiles() {
    DiskBlockManager disk = SparkEnv.get().blockManager().diskBlockManager();
    return scala.collection.JavaConverters.seqAsJavaList(disk.getAllFiles()).stream()
        .filter(file -> file.getName().contains("shuffle"))
        .count();
  }

  private static void watchEnd() {
    TaskContext context = TaskContext.get();
    TaskMemoryManager memory = context.taskMemoryManager();
    var unused =
        context.addTaskCompletionListener(
            ended -> {
              MEMORY_LEFT.addAndGet(memory.getMemoryConsumptionForThisTask());
            });
  }

  static final class Records implements Iterator<Tuple2<Integer, byte[]>> {
    private final int map;
    private final long failAt;
    private int next;

    Records(int map, long failAt) {
      this.map = map;
      this.failAt = failAt;
    }

    static Tuple2<Integer, byte[]> of(int map, int i) {
      byte[] value = new byte[VALUE_BYTES];
      Arrays.fill(value, (byte) (i + map));
      value[i % VALUE_BYTES] = 1;
      return new Tuple2<>(map * RECORDS_A_MAP + i, value);
    }

    @Override
    public boolean hasNext() {
      if (next % 1_000 == 999) {
        FILES_SEEN.accumulateAndGet(shuffleFiles(), Math::max);
      }
      return failAt < 0 || next < RECORDS_A_MAP;
    }

    @Override
    public Tuple2<Integer, byte[]> next() {
      if (next == failAt) {
        throw new IllegalStateException("no more records");
      }
      return of(map, next++);
    }
  }

  private static final class Other extends MemoryConsumer {
    Other(TaskMemoryManager manager) {
      super(manager, MemoryMode.ON_HEAP);
    }

    @Override
    public long spill(long size, MemoryConsumer trigger) {
      return 0;
    }
  }

  /** What another consumer of the task's memory gets, and what our buffers spilled for it. */
  record Shares(long otherThread, long spilledThen, long sameThread, long spilledAtLast, long used)
      implements java.io.Serializable {}

  /** Buffers of {@code ours} bytes, beside which another consumer wants {@code theirs}. */
  static Shares compete(ShuffleHarness harness, int ours, long theirs) {
    return harness.context().parallelize(List.of(1), 1).map(i -> compete(ours, theirs)).first();
  }

  private static Shares compete(int ours, long theirs) throws IOException {
    TaskMemoryManager manager = TaskContext.get().taskMemoryManager();
    DiskBlockManager disk = SparkEnv.get().blockManager().diskBlockManager();
    TaskMemory memory = new TaskMemory(manager);
    try (PartitionBuffers buffers =
        new PartitionBuffers(2, memory, () -> disk.createTempShuffleBlock()._2().toPath())) {
      memory.serve(buffers);
      buffers.stream(1).write(new byte[ours]);
      Other other = new Other(manager);
      long elsewhere = CompletableFuture.supplyAsync(() -> other.acquireMemory(theirs)).join();
      long spilled = buffers.diskBytesSpilled();
      other.freeMemory(elsewhere);
      long here = other.acquireMemory(theirs);
      other.freeMemory(here);
      return new Shares(elsewhere, spilled, here, buffers.diskBytesSpilled(), memory.getUsed());
    }
  }
}
