// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import io.letsdata.options.Internal;

/** Counts what a lenient reader accepted and left out in one object. Not thread-safe. */
@Internal
public final class RecordFaults {
  private long accepted;
  private long leftOut;
  private String firstAccepted = "";
  private String firstLeftOut = "";

  RecordFaults() {}

  void accept(String what) {
    if (accepted++ == 0) {
      firstAccepted = what;
    }
  }

  void leaveOut(DamagedRecord damage) {
    if (leftOut++ == 0) {
      firstLeftOut = String.valueOf(damage.getMessage());
    }
  }

  /** Number of deviations of framing that were accepted. */
  public long accepted() {
    return accepted;
  }

  /**
   * Number of places whose records were left out: one record, or all up to the next readable one.
   */
  public long leftOut() {
    return leftOut;
  }

  /** One line for the log; empty when there is nothing to say. */
  public String summary() {
    String text = "";
    if (leftOut > 0) {
      text =
          "left out records at %s damaged places (the first: %s)".formatted(leftOut, firstLeftOut);
    }
    if (accepted > 0) {
      text +=
          (text.isEmpty() ? "" : "; ")
              + "accepted %s deviations of framing (the first: %s)"
                  .formatted(accepted, firstAccepted);
    }
    return text;
  }
}
