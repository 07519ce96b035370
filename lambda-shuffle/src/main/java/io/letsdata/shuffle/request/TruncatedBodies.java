// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.request;

import io.letsdata.options.Internal;
import io.letsdata.store.BodyTruncated;
import java.io.IOException;

/**
 * Repeats small reads whose bodies broke off; the store has retried all other failures already.
 * Stateless.
 */
@Internal
public final class TruncatedBodies {
  /** Bodies that one read may begin. */
  public static final int MAX_TRIES = 4;

  private TruncatedBodies() {}

  public interface Read<T> {
    T run() throws IOException;
  }

  /** At most {@link #MAX_TRIES} times. */
  public static <T> T retry(Read<T> read) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return read.run();
      } catch (BodyTruncated e) {
        if (attempt == MAX_TRIES) {
          throw e;
        }
      }
    }
  }
}
