// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.errors;

import io.letsdata.options.Internal;
import java.io.IOException;

/** A run has more bad records than its user allows. */
@Internal
public final class TooManyErrors extends IOException {
  private static final long serialVersionUID = 1L;

  public TooManyErrors(String message) {
    super(message);
  }
}
