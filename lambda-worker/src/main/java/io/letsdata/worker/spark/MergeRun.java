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
 * Runs one merge, until the driver does not wait for it any longer: its time has passed, the driver
 * raised the kill flag, or the function's own time limit is near.
 */
final class MergeRun {
  /** Time to send the response before the function's time limit. */
  private static final Duration TO_RESPOND = Duration.ofSeconds(1);

  private final long untilNanos;
  private final AtomicBoolean killed = new AtomicBoolean();

  MergeRun(MergePayload payload, Invocation invocation) {
    long left =
        Math.min(payload.giveUpAfterMillis(), invocation.remaining().minus(TO_RESPOND).toMillis());
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
   * @throws CancellationException when the driver does not wait for it any longer
   */
  MergeReport run(S3ShuffleManager shuffle, OffsetsTable table, byte[] job) throws IOException {
    return shuffle.merge(table, MergeJob.decode(job), this::check);
  }

  private void check() {
    if (killed.get()) {
      throw new CancellationException("the driver raised the kill flag");
    }
    if (System.nanoTime() - untilNanos >= 0) {
      throw new CancellationException("its time has passed");
    }
  }
}
