// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.options.Printable;
import io.letsdata.options.Public;
import java.io.IOException;

/** A commit was certainly not made: no manifest of the job exists or can appear later. */
@Public
public final class CommitRefused extends IOException {
  private static final long serialVersionUID = 1L;

  CommitRefused(String message) {
    super(Printable.text(message));
  }
}
