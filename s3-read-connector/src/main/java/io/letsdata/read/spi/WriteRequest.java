// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.Internal;
import io.letsdata.store.StoreSettings;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * One call of {@code df.write.format("letsdata-s3")}. Immutable.
 *
 * @param session whose data are written; its settings decide how rows are encoded
 * @param output to write to
 * @param mode of the user. {@code ErrorIfExists} and {@code Ignore}: no version existed when the
 *     write began; if one exists at the commit, {@code ErrorIfExists} must fail and {@code Ignore}
 *     must keep it
 * @param format of the user; when empty, the writer decides. Never {@code warc}
 * @param store settings of the store
 * @param formatOptions all other options, unchecked: the writer refuses unknown ones ({@link
 *     ConnectorOptions#formatOptions})
 */
@Internal
public record WriteRequest(
    SparkSession session,
    OutputLayout output,
    SaveMode mode,
    Optional<ObjectFormat> format,
    StoreSettings store,
    Map<String, String> formatOptions) {

  public WriteRequest {
    if (format.isPresent() && format.get() == ObjectFormat.WARC) {
      throw new IllegalArgumentException(
          "Cannot write %s: format warc can only be read. Use text, json, csv, parquet, orc or avro."
              .formatted(output.output()));
    }
    formatOptions = Map.copyOf(formatOptions);
  }
}
