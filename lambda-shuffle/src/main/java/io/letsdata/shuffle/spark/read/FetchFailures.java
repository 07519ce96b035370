// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.read;

import io.letsdata.shuffle.fetch.SegmentUnavailable;
import io.letsdata.shuffle.spark.context.ShuffleContext;
import java.io.IOException;
import org.apache.spark.shuffle.FetchFailedException;

/**
 * Translates an output that must be recomputed into Spark's exception for it, and leaves all other
 * failures as they are. Immutable.
 */
record FetchFailures(int shuffleId, ShuffleContext context) {
  /**
   * The exception that the task must throw.
   *
   * @return for a {@link SegmentUnavailable} a FetchFailedException that names exactly that map
   *     output, which Spark then unregisters and recomputes; otherwise the failure, explained. Call
   *     it on the task's thread: the new exception enters itself in the task context
   */
  Throwable translate(IOException failure) {
    if (failure instanceof SegmentUnavailable lost) {
      return new FetchFailedException(
          context.places().locationOf(lost.wanted().map()),
          shuffleId,
          lost.wanted().map().mapId(),
          lost.wanted().mapIndex(),
          lost.partition(),
          lost.getMessage(),
          lost);
    }
    return context.runtime().explain(failure, "s3:GetObject and s3:ListBucket");
  }
}
