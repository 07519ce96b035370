// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ObjectFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteOptionsTest {
  @Test
  void readersGetWhatTheyNeedAndNotTheCompression() {
    WriteOptions options =
        WriteOptions.of(
            ObjectFormat.CSV,
            Map.of("HEADER", "true", "compression", "gzip", "layout", "plain"),
            0);

    assertThat(options.ofFormat())
        .containsExactlyInAnyOrderEntriesOf(Map.of("header", "true", "compression", "gzip"));
    assertThat(options.forReaders()).containsExactlyEntriesOf(Map.of("header", "true"));
    assertThat(options.layout()).isEqualTo(Layout.PLAIN);
    assertThat(options.maxRowsPerObject()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void secondNamesOfOptionsAreStatedAsTheFirst() {
    WriteOptions options =
        WriteOptions.of(
            ObjectFormat.CSV,
            Map.of("DELIMITER", ";", "charset", "UTF-16", "encoding", "UTF-8", "quoteAll", "true"),
            3);

    assertThat(options.ofFormat())
        .isEqualTo(Map.of("sep", ";", "encoding", "UTF-8", "quoteAll", "true"));
    assertThat(options.forReaders()).isEqualTo(Map.of("sep", ";", "encoding", "UTF-8"));
    assertThat(options.maxRowsPerObject()).isEqualTo(3);
    assertThat(options.withDefaults(Map.of("sep", ",", "timeZone", "UTC")).forReaders())
        .isEqualTo(Map.of("sep", ";", "encoding", "UTF-8", "timeZone", "UTC"));
  }

  @Test
  void settingsOfParquetReachTheEncoderAndNotTheManifest() {
    WriteOptions options =
        WriteOptions.of(ObjectFormat.PARQUET, Map.of("parquet.block.size", "1048576"), 0);

    assertThat(options.ofFormat()).containsEntry("parquet.block.size", "1048576");
    assertThat(options.forReaders()).isEmpty();
  }

  @Test
  void optionOfAnotherFormatIsUnknown() {
    assertThatThrownBy(() -> WriteOptions.of(ObjectFormat.PARQUET, Map.of("header", "true"), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Unknown option 'header' for format parquet");
  }

  @Test
  void nearestOptionIsNamed() {
    assertThatThrownBy(() -> WriteOptions.of(ObjectFormat.JSON, Map.of("layuot", "plain"), 0))
        .hasMessageContaining("did you mean 'layout'?");
  }

  @Test
  void wrongValuesSayWhatIsAllowed() {
    assertThatThrownBy(() -> WriteOptions.of(ObjectFormat.JSON, Map.of("layout", "flat"), 0))
        .hasMessage("Invalid value for option layout: 'flat' (must be manifest or plain)");
    assertThatThrownBy(
            () -> WriteOptions.of(ObjectFormat.JSON, Map.of("maxRecordsPerFile", "-1"), 0))
        .hasMessageContaining("maxRecordsPerFile: '-1'");
  }
}
