// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import io.letsdata.options.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the objects of a data set are encoded. */
@Internal
public enum ObjectFormat {
  TEXT,
  JSON,
  CSV,
  PARQUET,
  /** WARC, WET and WAT; can be read, not written. */
  WARC;

  /** The name in options and manifests, in lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The format with this name, in upper or lower case.
   *
   * @throws IllegalArgumentException with the nearest known name
   */
  public static ObjectFormat parse(String text) {
    for (ObjectFormat format : values()) {
      if (format.text().equalsIgnoreCase(text.strip())) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "Invalid value for option format: '%s'%s (known: %s)"
            .formatted(text, NearestName.hint(text, names()), String.join(", ", names())));
  }

  private static List<String> names() {
    return Arrays.stream(values()).map(ObjectFormat::text).toList();
  }
}
