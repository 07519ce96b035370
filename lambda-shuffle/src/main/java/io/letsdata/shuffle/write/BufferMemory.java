// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

/** Memory that is counted by someone who may refuse it. Used by the thread that writes into it. */
public interface BufferMemory {
  /**
   * Asks for more. Before it refuses, it may have {@link PartitionBuffers#spill} called.
   *
   * @param bytes more than 0
   * @return what is granted: 0 to {@code bytes}
   */
  long acquire(long bytes);

  /** Gives back what was granted. */
  void release(long bytes);
}
