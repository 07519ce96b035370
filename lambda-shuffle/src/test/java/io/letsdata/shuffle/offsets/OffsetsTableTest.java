// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.ByteSink;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapOutputCodec;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OffsetsTableTest {
  private static final int PARTITIONS = 25;
  private static final ObjectLocation LOCATION = ObjectLocation.parse("s3://test/table");

  private final List<MapOutput> outputs =
      IntStream.range(0, 12).mapToObj(seed -> Samples.output(seed, PARTITIONS)).toList();
  private final List<MapRef> winners = outputs.stream().map(MapOutput::ref).toList();
  private final ProbedStore objects = new ProbedStore(new InMemoryObjectStore("test"));
  private final ShuffleHome home = new ShuffleHome(objects, Samples.LAYOUT);
  private final OutputRegistry registry = new OutputRegistry(() -> home, DriverBounds.DEFAULT);

  OffsetsTableTest() throws IOException {
    for (MapOutput output : outputs) {
      registry.add(MapReport.stored(output));
    }
  }

  @Test
  void everyColumnRangeGivesTheExactSegments() throws IOException {
    OffsetsTable table = OffsetsTable.of(registry.tables().table(3, winners));

    for (int start = 0; start <= PARTITIONS; start++) {
      for (int end = start; end <= PARTITIONS; end++) {
        MapOutputIndex columns = table.columns(start, end);
        for (MapOutput output : outputs) {
          assertThat(columns.segments(output.ref()))
              .contains(MapSegments.stored(output.segments(start, end)));
        }
      }
    }
  }

  @Test
  void tableThatClaimsMorePartitionsThanItHasBytesIsRejected() {
    ByteSink body = new ByteSink(32);
    body.varint(3).varint(MapOutputCodec.MAX_PARTITIONS).varint(0); // and nothing after it
    int headerBytes = OffsetsTableBuilder.PREFIX_BYTES + body.size() + 4;
    ByteSink table = new ByteSink(headerBytes);
    table.u32(OffsetsTableBuilder.MAGIC).u8(OffsetsTableBuilder.VERSION).u32(headerBytes).raw(body);
    table.u32(MapObject.crc32c(table.toByteArray(), 0, table.size()));

    assertThatThrownBy(() -> OffsetsTable.of(table.toByteArray()).columns(0, 1))
        .isInstanceOf(ShuffleFormatException.class)
        .hasMessageContaining("the number of partitions is 16777216, more than 5");
  }

  @Test
  void headerAboveItsLimitIsRejectedBeforeItIsRead() {
    ByteSink table = new ByteSink(32);
    table.u32(OffsetsTableBuilder.MAGIC).u8(OffsetsTableBuilder.VERSION).u32(Integer.MAX_VALUE);

    assertThatThrownBy(() -> OffsetsTable.of(table.toByteArray()).columns(0, 1))
        .isInstanceOf(ShuffleFormatException.class)
        .hasMessageContaining("its header has 2147483647 bytes");
  }

  @Test
  void winnerThatNeverReportedAndLoserAreUnknown() throws IOException {
    List<MapRef> others = new ArrayList<>(winners.subList(1, 12));
    others.add(new MapRef(99, "silent"));

    MapOutputIndex columns =
        OffsetsTable.of(registry.tables().table(3, others)).columns(0, PARTITIONS);

    assertThat(columns.segments(new MapRef(99, "silent"))).isEmpty();
    assertThat(columns.segments(winners.get(0))).isEmpty();
    assertThat(columns.segments(new MapRef(winners.get(1).mapId(), "other"))).isEmpty();
    assertThat(columns.segments(winners.get(1)))
        .contains(MapSegments.stored(outputs.get(1).segments(0, PARTITIONS)));
  }

  @Test
  void unreportedShuffleIsAllUnknown() throws IOException {
    OffsetsTable table = OffsetsTable.of(registry.tables().table(4, winners));

    assertThat(table.columns(0, 7).segments(winners.get(0))).isEmpty();
    assertThat(table.bytesToRequest(0, 7)).isZero();
  }

  @Test
  void outputsWithoutBytesHaveNoSegmentsButAreKnown() throws IOException {
    registry.add(MapReport.stored(new MapOutput(8, 1, "empty", new long[4], new int[4])));

    MapOutputIndex columns =
        OffsetsTable.of(registry.tables().table(8, List.of(new MapRef(1, "empty")))).columns(0, 4);

    assertThat(columns.segments(new MapRef(1, "empty"))).contains(MapSegments.stored(List.of()));
    assertThat(registry.forget(8)).isEmpty();
  }

  @Test
  void smallTableInTheStoreCostsOneGetInAll() throws IOException {
    ProbedStore store = stored(registry.tables().table(3, winners));
    OffsetsTable table = OffsetsTable.at(store, LOCATION);

    table.columns(0, 3);
    table.columns(20, PARTITIONS);

    assertThat(store.gets).hasValue(1);
  }

  @Test
  void largeTableInTheStoreCostsOneGetForTheHeaderAndOneForEachColumnRange() throws IOException {
    MapOutput wide = Samples.output(77, 20_000);
    registry.add(MapReport.stored(wide));
    ProbedStore store = stored(registry.tables().table(3, List.of(wide.ref())));
    OffsetsTable table = OffsetsTable.at(store, LOCATION);

    MapOutputIndex first = table.columns(15_000, 15_100);
    MapOutputIndex second = table.columns(19_000, 20_000);

    assertThat(first.segments(wide.ref()))
        .contains(MapSegments.stored(wide.segments(15_000, 15_100)));
    assertThat(second.segments(wide.ref()))
        .contains(MapSegments.stored(wide.segments(19_000, 20_000)));
    assertThat(store.gets).hasValue(3);
    assertThat(table.bytesToRequest(0, 20_000)).isGreaterThan(100_000);
  }

  @Test
  void tableClippedAnywhereIsRejected() {
    byte[] bytes = registry.tables().table(3, winners);

    for (int length = 0; length < bytes.length; length++) {
      byte[] clipped = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> OffsetsTable.of(clipped).columns(0, PARTITIONS))
          .as("%d of %d bytes", length, bytes.length)
          .isInstanceOf(ShuffleFormatException.class);
    }
  }

  @Test
  void anyFlippedBitIsRejected() {
    byte[] bytes = registry.tables().table(3, winners);

    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> OffsetsTable.of(damaged).columns(0, PARTITIONS))
          .as("bit %d", bit)
          .isInstanceOf(ShuffleFormatException.class);
    }
  }

  @Test
  void forgettingNamesTheObjectOfEveryReportedOutput() {
    assertThat(registry.forget(3))
        .containsExactlyInAnyOrderElementsOf(
            outputs.stream().map(output -> Samples.LAYOUT.dataLocation(3, output.ref())).toList());
    assertThat(registry.forget(3)).isEmpty();
  }

  private static ProbedStore stored(byte[] table) throws IOException {
    InMemoryObjectStore memory = new InMemoryObjectStore("test");
    memory.put(LOCATION, ObjectContent.of(table));
    return new ProbedStore(memory);
  }
}
