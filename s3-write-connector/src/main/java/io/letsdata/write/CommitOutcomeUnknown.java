// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.options.Internal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A commit may or may not have been made: the answer of the publishing request was lost and the
 * store could not be asked afterwards. Nothing may be deleted. The message names the manifest to
 * look at.
 */
@Internal
public final class CommitOutcomeUnknown extends IOException {
  private static final long serialVersionUID = 1L;

  CommitOutcomeUnknown(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
