// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.options.Internal;

/**
 * Bounds of one task's prefetching.
 *
 * @param requests GETs at once, at least 1; see {@link #requestsAt}
 * @param bytes fetched, being fetched and being consumed, together; at least 2
 * @param requestBytes one GET's most; at most half of {@code bytes}, so that the next can be under
 *     way while one is consumed
 */
@Internal
public record FetchLimits(int requests, long bytes, int requestBytes) {
  /** Refuses bounds under which nothing could move. */
  public FetchLimits {
    if (requests < 1 || requestBytes < 1 || bytes / 2 < requestBytes) {
      throw new IllegalArgumentException(
          "Invalid fetch limits: "
              + requests
              + " requests of up to "
              + requestBytes
              + " bytes, "
              + bytes
              + " bytes together");
    }
  }

  /** 20 ms at 625 Mbps are 1.6 MB under way; S3's slower responses need twice that. */
  private static final long FILLED_PIPE_BYTES = 4 << 20;

  private static final int SMALL_FACTOR = 4;

  /**
   * How many GETs may be under way. Small blocks are bound by latency: eight GETs of 16 KB in 20 ms
   * are a twelfth of what a function's network carries. So four times as many are allowed while
   * fewer bytes are fetched and not consumed than fill the pipe; more unconsumed bytes show that
   * the consumer is slower than the store (decision 0009).
   *
   * @param heldBytes asked for or fetched, and not yet consumed
   */
  public int requestsAt(long heldBytes) {
    return heldBytes < Math.min(FILLED_PIPE_BYTES, bytes) ? SMALL_FACTOR * requests : requests;
  }

  /** {@code requests} GETs at once that hold {@code bytes} together, of at most 16 MiB each. */
  public static FetchLimits of(int requests, long bytes) {
    return new FetchLimits(requests, bytes, (int) Math.min(16 << 20, Math.max(1, bytes / 2)));
  }
}
