// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.options.Internal;

/** Memory that its manager counts and may refuse. Used by the thread that writes into it. */
@Internal
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
