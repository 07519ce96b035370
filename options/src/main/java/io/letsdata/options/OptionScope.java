// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

/** Where the value of an option may be set. */
@Internal
public enum OptionScope {
  /** In the session's configuration only. */
  SESSION,
  /** With {@code .option(…)} of one read or write only. */
  OPTION,
  /** In both; that of the read or write wins. */
  SESSION_OR_OPTION;

  boolean includesSession() {
    return this != OPTION;
  }

  boolean includesOption() {
    return this != SESSION;
  }
}
