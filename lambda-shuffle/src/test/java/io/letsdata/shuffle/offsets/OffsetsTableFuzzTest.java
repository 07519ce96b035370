// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.ByteSink;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.format.ShuffleHome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes are an offsets table or a ShuffleFormatException. Magic and checksums are made right
 * first: random bytes would not pass them, and who writes a table on purpose can.
 */
class OffsetsTableFuzzTest {
  static Stream<byte[]> tables() throws IOException {
    ShuffleHome home = new ShuffleHome(new InMemoryObjectStore("test"), Samples.LAYOUT);
    OutputRegistry registry = new OutputRegistry(() -> home, DriverBounds.DEFAULT);
    List<MapRef> maps = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      MapOutput output = Samples.output(seed, 4);
      registry.add(MapReport.stored(output));
      maps.add(output.ref());
    }
    return Stream.of(registry.tables().table(3, maps));
  }

  @MethodSource("tables")
  @FuzzTest
  void anyBytesAreTableOrShuffleFormatException(byte[] bytes) throws IOException {
    byte[] table = withChecksums(bytes);
    try {
      OffsetsTable offsets = OffsetsTable.of(table);
      MapOutputIndex columns = offsets.columns(0, Integer.MAX_VALUE);
      assertThat(offsets.elsewhere()).isNotNull();
      assertThat(columns.merged()).isNotNull();
      assertThat(columns.segments(new MapRef(0, "a"))).isNotNull();
    } catch (ShuffleFormatException e) {
      assertThat(e).hasMessageStartingWith("Cannot read ");
    }
  }

  private static byte[] withChecksums(byte[] bytes) {
    byte[] table = bytes.clone();
    if (table.length < OffsetsTableBuilder.PREFIX_BYTES + 4) {
      return table;
    }
    put(table, 0, OffsetsTableBuilder.MAGIC);
    table[4] = OffsetsTableBuilder.VERSION;
    int headerBytes = (table[7] & 0xFF) << 8 | (table[8] & 0xFF);
    if (headerBytes < OffsetsTableBuilder.PREFIX_BYTES + 4 || headerBytes > table.length) {
      return table;
    }
    table[5] = 0;
    table[6] = 0;
    put(table, headerBytes - 4, MapObject.crc32c(table, 0, headerBytes - 4));
    try {
      OffsetsHeader header = OffsetsHeader.parse(table, headerBytes);
      for (int partition = 0; partition < header.partitions(); partition++) {
        long start = header.columnStart(partition);
        long end = header.columnStart(partition + 1);
        if (end - start >= 4 && end <= table.length) {
          int checksum = MapObject.crc32c(table, (int) start, (int) (end - start) - 4);
          put(table, (int) end - 4, checksum);
        }
      }
    } catch (ShuffleFormatException e) {
      return table;
    }
    return table;
  }

  private static void put(byte[] table, int position, int value) {
    System.arraycopy(new ByteSink(4).u32(value).toByteArray(), 0, table, position, 4);
  }
}
