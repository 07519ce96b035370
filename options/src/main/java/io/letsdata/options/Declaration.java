// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.List;

/**
 * All of an {@link Option} but its type. Immutable.
 *
 * @param key as modules and messages spell it
 * @param description whole sentences on one line, in markdown
 * @param defaultText in markdown: the default in code font, or what absence means
 * @param allowed the allowed values; empty when the description has to say it
 * @param formerKeys keys of earlier versions, which are still read
 * @param hidden the driver sets it itself: it is known, but in no table and in no hint
 */
record Declaration(
    String key,
    OptionScope scope,
    String description,
    String defaultText,
    String allowed,
    List<String> formerKeys,
    boolean hidden) {

  /** How messages name it: {@code spark.letsdata.s3.region}, {@code option version}. */
  String label() {
    return Option.isSessionKey(key) ? key : "option " + key;
  }

  /** Whether {@code name} means this option, without regard to case and dashes. */
  boolean isNamed(String name) {
    String wanted = Option.normalized(name);
    return Option.normalized(key).equals(wanted)
        || formerKeys.stream().map(Option::normalized).anyMatch(wanted::equals);
  }
}
