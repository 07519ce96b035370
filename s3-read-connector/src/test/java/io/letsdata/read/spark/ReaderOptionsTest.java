// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.ReaderOptions;
import io.letsdata.read.warc.WarcOptions;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every option of Spark's formats is one that a manifest may state, or one that it may not. */
class ReaderOptionsTest {
  /**
   * They name a codec, which may be a class, and readers find it by the key's extension; or they
   * name a schema, which may be a URL, and a manifest has its own.
   */
  private static final Set<String> REFUSED =
      Set.of(
          "compression",
          "codec",
          "parquet.compression",
          "orc.compress",
          "avroSchema",
          "avroSchemaUrl",
          "recordName",
          "recordNamespace");

  @ParameterizedTest
  @EnumSource(ObjectFormat.class)
  void everyOptionOfSparkIsAllowedOrRefusedByName(ObjectFormat format) {
    Set<String> decided = new TreeSet<>(ReadPlan.optionNames(format));
    decided.removeAll(REFUSED);
    decided.removeAll(FileOptions.NAMES); // which objects are read, the reader decides
    if (format == ObjectFormat.WARC) {
      decided.removeAll(WarcOptions.ALL.keys()); // as it decides what damage it accepts
    }

    assertThat(ReaderOptions.of(format)).containsExactlyElementsOf(decided);
  }
}
