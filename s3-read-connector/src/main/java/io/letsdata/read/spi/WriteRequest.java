// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.Internal;
import io.letsdata.store.StoreSettings;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SaveMode;

/**
 * What {@code df.write.format("letsdata-s3")} was asked for. Immutable.
 *
 * @param output where
 * @param mode as the user said it. {@code ErrorIfExists} and {@code Ignore}: no version existed
 *     when the write began; if one exists at the commit, the first must fail and the second must
 *     leave it alone
 * @param format asked for; empty leaves it to the writer. Never {@code warc}
 * @param store how to reach the store
 * @param formatOptions all other options, unchecked: the writer refuses what it does not know
 *     ({@link ConnectorOptions#formatOptions})
 */
@Internal
public record WriteRequest(
    OutputLayout output,
    SaveMode mode,
    Optional<ObjectFormat> format,
    StoreSettings store,
    Map<String, String> formatOptions) {

  public WriteRequest {
    if (format.isPresent() && format.get() == ObjectFormat.WARC) {
      throw new IllegalArgumentException(
          "Cannot write %s: format warc can only be read. Use text, json, csv or parquet."
              .formatted(output.output()));
    }
    formatOptions = Map.copyOf(formatOptions);
  }
}
