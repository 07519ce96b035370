// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.options.Printable;
import io.letsdata.options.Public;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A commit may or may not have been made: the response of the publishing request was lost, and
 * later requests to the store failed too. Delete nothing. The message names the manifest that
 * decides.
 */
@Public
public final class CommitOutcomeUnknown extends IOException {
  private static final long serialVersionUID = 1L;

  CommitOutcomeUnknown(String message, @Nullable Throwable cause) {
    super(Printable.text(message), cause);
  }
}
