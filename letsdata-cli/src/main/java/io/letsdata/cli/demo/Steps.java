// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Prints the current step for a waiting person, with the seconds since the start. Not thread-safe.
 */
final class Steps {
  private final PrintWriter out;
  private final LongSupplier nanoClock;
  private final long startNanos;

  Steps(PrintWriter out, LongSupplier nanoClock) {
    this.out = out;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
  }

  long elapsedNanos() {
    return nanoClock.getAsLong() - startNanos;
  }

  void begin(String what) {
    line(what + " ...");
  }

  void done(String what) {
    line(what);
  }

  private void line(String text) {
    out.printf(Locale.ROOT, "%5.1f s  %s%n", elapsedNanos() / 1e9, text);
    out.flush();
  }
}
