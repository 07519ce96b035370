package io.letsdata.shuffle;

import io.letsdata.store.BodyTruncated;
import java.io.IOException;

/**
 * Repeats small reads whose bodies broke off; everything else the store has retried already.
 * Stateless.
 */
final class TruncatedBodies {
  private TruncatedBodies() {}

  interface Read<T> {
    T run() throws IOException;
  }

  /** At most {@link RangeReader#MAX_TRIES} times. */
  static <T> T retry(Read<T> read) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return read.run();
      } catch (BodyTruncated e) {
        if (attempt == RangeReader.MAX_TRIES) {
          throw e;
        }
      }
    }
  }
}
