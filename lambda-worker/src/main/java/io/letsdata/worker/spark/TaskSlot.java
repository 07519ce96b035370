// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The task that runs now; an environment runs one at a time. Thread-safe. */
final class TaskSlot implements Supplier<CurrentTask> {
  private volatile @Nullable CurrentTask task;

  void set(CurrentTask next) {
    task = next;
  }

  /**
   * @throws IllegalStateException before the first invocation
   */
  @Override
  public CurrentTask get() {
    CurrentTask current = task;
    if (current == null) {
      throw new IllegalStateException("No task has arrived in this environment");
    }
    return current;
  }
}
