// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.wire;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;

/** A network that carries so many bytes a second, all streams through it together. Thread-safe. */
public final class Throttle {
  /** Carries everything at once. */
  public static final Throttle NONE = new Throttle(Double.POSITIVE_INFINITY);

  private final double bytesPerSecond;
  private final long origin = System.nanoTime();
  private long freeAtNanos;

  /**
   * With nothing under way.
   *
   * @param bytesPerSecond more than 0
   */
  public Throttle(double bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** A stream whose bytes arrive when the network has carried them. */
  OutputStream over(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        carry(length);
        out.write(bytes, offset, length);
      }
    };
  }

  private void carry(int bytes) {
    long until = reserve(bytes);
    for (long left = until - now(); left > 0; left = until - now()) {
      LockSupport.parkNanos(left);
    }
  }

  private synchronized long reserve(int bytes) {
    freeAtNanos = Math.max(freeAtNanos, now()) + (long) (bytes / bytesPerSecond * 1e9);
    return freeAtNanos;
  }

  private long now() {
    return System.nanoTime() - origin;
  }
}
