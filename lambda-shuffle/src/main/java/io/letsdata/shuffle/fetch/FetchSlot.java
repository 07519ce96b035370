// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** One request of a {@link SegmentFetcher} and what became of it; guarded by the fetcher's lock. */
final class FetchSlot {
  final FetchPlan.Request request;
  volatile boolean done;
  int attempts = 1;
  volatile @Nullable ScheduledFuture<?> watch;
  byte @Nullable [] bytes;
  @Nullable Throwable failure;

  FetchSlot(FetchPlan.Request request) {
    this.request = request;
  }

  void stopWatching() {
    ScheduledFuture<?> next = watch;
    if (next != null) {
      next.cancel(false);
    }
  }

  byte[] content() throws IOException {
    if (failure instanceof IOException io) {
      throw io;
    } else if (failure instanceof RuntimeException runtime) {
      throw runtime;
    } else if (failure instanceof Error error) {
      throw error;
    }
    byte[] content = bytes;
    if (content == null) {
      throw new InterruptedIOException("Cannot read shuffle segments: the reader is closed.");
    }
    return content;
  }
}
