// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import io.letsdata.options.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the objects of a data set are encoded. */
@Internal
public enum ObjectFormat {
  TEXT,
  JSON,
  CSV,
  PARQUET,
  ORC,
  /** Needs Spark's module spark-avro on the class path. */
  AVRO,
  /** WARC, WET, WAT and ARC; can be read, not written. */
  WARC;

  /**
   * Remarks on names that are no format, by the name in lower case. The nearest name would mislead.
   */
  public static final Map<String, String> REMARKS =
      Map.ofEntries(
          Map.entry("wet", "; did you mean 'warc'?"),
          Map.entry("wat", "; did you mean 'warc'?"),
          Map.entry("arc", "; did you mean 'warc'?"),
          Map.entry("wacz", "; wacz is not supported, unpack it and read the warc files in it"),
          Map.entry("jsonl", "; did you mean 'json'?"),
          Map.entry("ndjson", "; did you mean 'json'?"),
          Map.entry("tsv", "; did you mean 'csv' with the option 'sep'?"),
          Map.entry("xml", "; xml is not supported"),
          Map.entry("delta", "; delta is not supported"),
          Map.entry("iceberg", "; iceberg is not supported"),
          Map.entry("binaryfile", "; binaryFile is not supported"));

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
    String remark = REMARKS.get(text.strip().toLowerCase(Locale.ROOT));
    throw new IllegalArgumentException(
        "Invalid value for option format: '%s'%s (known: %s)"
            .formatted(
                text,
                remark == null ? NearestName.hint(text, names()) : remark,
                String.join(", ", names())));
  }

  private static List<String> names() {
    return Arrays.stream(values()).map(ObjectFormat::text).toList();
  }
}
