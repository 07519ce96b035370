// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.options.Internal;
import java.io.IOException;

/**
 * A commit was not made, and it is certain that it was not: no manifest of the job exists or can
 * appear later.
 */
@Internal
public final class CommitRefused extends IOException {
  private static final long serialVersionUID = 1L;

  CommitRefused(String message) {
    super(message);
  }
}
