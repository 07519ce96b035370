// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.write;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.write.BufferMemory;
import io.letsdata.shuffle.write.PartitionBuffers;
import java.io.IOException;
import org.apache.spark.memory.MemoryConsumer;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.memory.TaskMemoryManager;
import org.jspecify.annotations.Nullable;

/**
 * A task's execution memory on the heap, for buffers that spill when Spark asks. Used by the task's
 * thread.
 */
@Internal
public final class TaskMemory extends MemoryConsumer implements BufferMemory {
  private final Thread owner = Thread.currentThread();
  private @Nullable PartitionBuffers buffers;

  public TaskMemory(TaskMemoryManager manager) {
    super(manager, MemoryMode.ON_HEAP);
  }

  /** Sets the buffers that Spark may spill; nothing can be acquired before. */
  public void serve(PartitionBuffers served) {
    buffers = served;
  }

  @Override
  public long acquire(long bytes) {
    return acquireMemory(bytes);
  }

  @Override
  public void release(long bytes) {
    freeMemory(bytes);
  }

  /**
   * Also for other consumers, such as an operator that feeds this writer: they ask from the task's
   * thread, between two records. Operators with a thread of their own get nothing, as beside
   * Spark's writers: waiting for the task's thread here, with Spark's lock held, might never end.
   */
  @Override
  public long spill(long size, MemoryConsumer trigger) throws IOException {
    PartitionBuffers served = buffers;
    return served == null || Thread.currentThread() != owner ? 0 : served.spill();
  }
}
