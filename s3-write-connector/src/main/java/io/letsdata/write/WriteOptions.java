// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ObjectFormat;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.write.spark.FormatOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The options of a write, all of them known. Immutable.
 *
 * @param format to write
 * @param ofFormat options for the encoder
 * @param forReaders those of them that a reader needs too; they go into the manifest
 * @param layout who the output is for
 * @param maxRowsPerObject after which a task begins another object, at least 1
 */
record WriteOptions(
    ObjectFormat format,
    Map<String, String> ofFormat,
    Map<String, String> forReaders,
    Layout layout,
    long maxRowsPerObject) {
  /** {@code manifest}, the default, or {@code plain}. */
  static final String LAYOUT = "layout";

  /** Rows after which a task begins another object; Spark's own name for it. Absent or 0: never. */
  static final String MAX_RECORDS_PER_FILE = "maxRecordsPerFile";

  private static final List<String> OWN = List.of(LAYOUT, MAX_RECORDS_PER_FILE);
  private static final List<String> ONLY_FOR_WRITING = List.of("compression", "codec");

  WriteOptions {
    ofFormat = Collections.unmodifiableMap(new TreeMap<>(ofFormat));
    forReaders = Collections.unmodifiableMap(new TreeMap<>(forReaders));
  }

  /**
   * Sorts options out.
   *
   * @throws IllegalArgumentException for an unknown option, naming the nearest, and for a wrong
   *     value
   */
  static WriteOptions of(ObjectFormat format, Map<String, String> options) {
    List<String> ofThisFormat = FormatOptions.names(format);
    List<String> known = new ArrayList<>(OWN);
    known.addAll(ofThisFormat);
    Map<String, String> checked = ConnectorOptions.of(options).formatOptions(format, known);

    Map<String, String> ofFormat = new TreeMap<>();
    Map<String, String> forReaders = new TreeMap<>();
    long maxRows = Long.MAX_VALUE;
    Layout layout = Layout.MANIFEST;
    for (Map.Entry<String, String> option : checked.entrySet()) {
      String name = canonical(option.getKey(), known);
      if (name.equals(MAX_RECORDS_PER_FILE)) {
        maxRows = maxRows(option.getValue());
        continue;
      }
      if (name.equals(LAYOUT)) {
        layout = Layout.parse(option.getValue());
        continue;
      }
      ofFormat.put(name, option.getValue());
      if (ofThisFormat.contains(name)
          && !ONLY_FOR_WRITING.contains(name)
          && !name.contains("parquet.")) {
        forReaders.put(name, option.getValue());
      }
    }
    return new WriteOptions(format, ofFormat, forReaders, layout, maxRows);
  }

  // One spelling in the manifest, or an append with another spelling would look like another
  // format.
  private static String canonical(String name, List<String> known) {
    return known.stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }

  private static long maxRows(String value) {
    try {
      long rows = Long.parseLong(value.strip());
      if (rows >= 0) {
        return rows == 0 ? Long.MAX_VALUE : rows;
      }
    } catch (NumberFormatException e) {
      // falls through: the message is the same
    }
    throw new IllegalArgumentException(
        "Invalid value for option %s: '%s' (must be a whole number of at least 0)"
            .formatted(MAX_RECORDS_PER_FILE, value));
  }
}
