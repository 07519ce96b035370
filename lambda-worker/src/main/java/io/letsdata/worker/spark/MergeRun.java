// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.protocol.MergePayload;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries out a merge, unless the driver waits for it no more: its time is over, it raised the kill
 * flag, or the function's own time limit is near.
 */
final class MergeRun {
  /** An answer after the function's limit is none. */
  private static final Duration TO_ANSWER = Duration.ofSeconds(1);

  private final long untilNanos;
  private final AtomicBoolean killed = new AtomicBoolean();

  MergeRun(MergePayload payload, Invocation invocation) {
    long left =
        Math.min(payload.giveUpAfterMillis(), invocation.remaining().minus(TO_ANSWER).toMillis());
    this.untilNanos = System.nanoTime() + Duration.ofMillis(left).toNanos();
  }

  /** The driver raised the flag. */
  void kill() {
    killed.set(true);
  }

  /**
   * Merges.
   *
   * @throws IOException when the store or an output failed
   * @throws CancellationException when it was given up
   */
  MergeReport run(S3ShuffleManager shuffle, OffsetsTable table, byte[] job) throws IOException {
    return shuffle.merge(table, MergeJob.decode(job), this::check);
  }

  private void check() {
    if (killed.get()) {
      throw new CancellationException("the driver gave it up");
    }
    if (System.nanoTime() - untilNanos >= 0) {
      throw new CancellationException("nobody waits for it any longer");
    }
  }
}
