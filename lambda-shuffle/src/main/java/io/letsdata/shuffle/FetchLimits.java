package io.letsdata.shuffle;

/**
 * Bounds of one task's prefetching.
 *
 * @param requests GETs at once, at least 1
 * @param bytes fetched, being fetched and being consumed, together; at least 2
 * @param requestBytes one GET's most; at most half of {@code bytes}, so that the next can be under
 *     way while one is consumed
 */
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

  /** {@code requests} GETs at once that hold {@code bytes} together, of at most 16 MiB each. */
  public static FetchLimits of(int requests, long bytes) {
    return new FetchLimits(requests, bytes, (int) Math.min(16 << 20, Math.max(1, bytes / 2)));
  }
}
