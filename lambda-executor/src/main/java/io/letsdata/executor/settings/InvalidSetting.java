// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

/** A setting that the user has to mend; the message names the key, the value and the remedy. */
public final class InvalidSetting extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** One line: what, why with values, what to do. */
  public InvalidSetting(String message) {
    super(message);
  }
}
