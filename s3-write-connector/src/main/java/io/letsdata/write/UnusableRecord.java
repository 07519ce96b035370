// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.options.Printable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An object among the recovery records that no job of this output can have written, or that this
 * build cannot read. Nothing that it names is touched.
 */
final class UnusableRecord extends IOException {
  private static final long serialVersionUID = 1L;

  UnusableRecord(String why, @Nullable Throwable cause) {
    super(Printable.text(why), cause);
  }
}
