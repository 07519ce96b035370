// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.write.MapOutputUpload;
import io.letsdata.shuffle.write.PartSender;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FooterReaderTest {
  private static final MapRef MAP = new MapRef(4, "n");

  private final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  private final ProbedStore store = new ProbedStore(memory);
  private final FooterReader reader = new FooterReader(store, Samples.LAYOUT, 10);

  @Test
  void smallIndexIsOneGetAndALargeOneTwo() throws IOException {
    MapOutput small = stored(MAP, 10);
    MapOutput large = stored(new MapRef(5, "n"), 20_000);

    assertThat(reader.read(0, MAP, 0, 0)).isEqualTo(small);
    assertThat(store.gets).hasValue(1);
    assertThat(new FooterReader(store, Samples.LAYOUT, 20_000).read(0, large.ref(), 0, 0))
        .isEqualTo(large);
    assertThat(store.gets).hasValue(3);
  }

  @Test
  void objectClippedAtAnyByteIsALostOutput() throws IOException {
    stored(MAP, 10);
    byte[] whole = memory.read(location(MAP));

    for (int length = 0; length < whole.length; length++) {
      memory.put(location(MAP), ObjectContent.of(whole, 0, length));
      assertThatThrownBy(() -> reader.read(0, MAP, 7, 3))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOfSatisfying(
              SegmentUnavailable.class,
              lost -> {
                assertThat(lost.wanted().mapIndex()).isEqualTo(7);
                assertThat(lost.partition()).isEqualTo(3);
              });
    }
  }

  @Test
  void objectOfAnotherMapIsALostOutput() throws IOException {
    MapRef other = new MapRef(5, "n");
    stored(other, 10);
    memory.put(location(MAP), ObjectContent.of(memory.read(location(other))));

    assertThatThrownBy(() -> reader.read(0, MAP, 0, 0))
        .isInstanceOf(SegmentUnavailable.class)
        .hasMessageContaining("it holds MapOutput[shuffle 0, map 5-n");
  }

  @Test
  void footerOfMorePartitionsThanTheShuffleHasIsALostOutput() throws IOException {
    stored(MAP, 20_000);

    assertThatThrownBy(() -> reader.read(0, MAP, 0, 0))
        .isInstanceOf(SegmentUnavailable.class)
        .hasMessageContaining("too many for 10 partitions");
    assertThat(store.gets).hasValue(1);
  }

  @Test
  void missingObjectIsALostOutputAndAStoreThatFailsIsNot() {
    assertThatThrownBy(() -> reader.read(0, MAP, 0, 0)).isInstanceOf(SegmentUnavailable.class);

    store.beforeReads(
        (location, range) -> {
          throw new StoreUnavailable("Cannot reach it.");
        });
    assertThatThrownBy(() -> reader.read(0, MAP, 0, 0)).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void brokenBodyIsReadAgain() throws IOException {
    MapOutput output = stored(MAP, 10);
    store.cutBodies(3, 5);

    assertThat(reader.read(0, MAP, 0, 0)).isEqualTo(output);
    assertThat(store.gets).hasValue(4);
  }

  @Test
  void manyFootersComeInTheirOrder() throws IOException {
    List<MapOutput> outputs = new java.util.ArrayList<>();
    for (int map = 0; map < 30; map++) {
      outputs.add(stored(new MapRef(map, "n"), 10));
    }
    List<Footers.Item> items =
        IntStream.range(0, 30)
            .mapToObj(map -> new Footers.Item(new MapRef(map, "n"), map, 0))
            .toList();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      assertThat(new Footers(reader, 0, items).readAll(threads, 4, () -> {})).isEqualTo(outputs);
      assertThat(new Footers(reader, 0, List.of()).readAll(threads, 4, () -> {})).isEmpty();
      memory.delete(List.of(location(new MapRef(17, "n"))));
      assertThatThrownBy(() -> new Footers(reader, 0, items).readAll(threads, 4, () -> {}))
          .isInstanceOfSatisfying(
              SegmentUnavailable.class, lost -> assertThat(lost.wanted().mapIndex()).isEqualTo(17));
    } finally {
      threads.shutdownNow();
    }
  }

  private MapOutput stored(MapRef map, int partitions) throws IOException {
    MapOutputUpload upload =
        new MapOutputUpload(
            new PartSender(memory),
            Samples.LAYOUT,
            0,
            map,
            partitions,
            MapOutputUpload.MIN_PART_BYTES,
            0);
    for (int partition = 0; partition < partitions; partition++) {
      try (OutputStream out = upload.segment(partition)) {
        out.write(new byte[] {1, 2, (byte) partition});
      }
    }
    return upload.commit().output();
  }

  private static ObjectLocation location(MapRef map) {
    return Samples.LAYOUT.dataLocation(0, map);
  }
}
