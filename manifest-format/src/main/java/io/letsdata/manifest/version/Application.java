// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;

/**
 * The application that made a commit. Immutable.
 *
 * @param id Spark's application id, or the name of a command
 * @param name for people; may be empty
 */
@Internal
public record Application(String id, String name) {
  private static final int MAX_CHARS = 256;

  public Application {
    if (id.isBlank()) {
      throw new IllegalArgumentException("the application's id is blank");
    }
    id = cut(id);
    name = cut(name);
  }

  private static String cut(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS);
  }

  /** {@code name (id)}, or the id alone. */
  @Override
  public String toString() {
    return name.isEmpty() ? id : name + " (" + id + ")";
  }
}
