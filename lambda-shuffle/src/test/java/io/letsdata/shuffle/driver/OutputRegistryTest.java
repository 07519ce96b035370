// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.fetch.FooterReader;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.format.ShuffleFormatException;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.MapSegments;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What the driver keeps, what it gives to the store, and that nobody sees the difference. */
final class OutputRegistryTest {
  private static final int SHUFFLE = 3;
  private static final long KIB = 1 << 10;

  private final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  private final ProbedStore store = new ProbedStore(memory);
  private final ShuffleHome home = new ShuffleHome(store, Samples.LAYOUT);

  /**
   * 10,000 x 10,000 at full size is 700 MB of indexes; here a fiftieth of the maps with a fiftieth
   * of the default bound.
   */
  @Test
  void indexesBeyondTheBoundMoveToTheStoreAndStayExact() throws IOException {
    long bound = (64 << 20) / 50;
    int partitions = 10_000;
    OutputRegistry registry = registry(bound, 0);
    List<MapOutput> outputs = new ArrayList<>();

    for (int map = 0; map < 200; map++) {
      MapOutput output = dense(map, partitions);
      registry.add(MapReport.stored(output));
      assertThat(registry.retainedBytes()).isLessThanOrEqualTo(bound);
      outputs.add(output);
    }

    List<MapRef> winners = outputs.stream().map(MapOutput::ref).toList();
    byte[] table = registry.tables().table(SHUFFLE, winners);
    assertThat(table.length).isLessThan((int) (bound * 5 / 2));
    assertThat(store.puts.get()).isBetween(10, 40);
    MapOutputIndex local = registry.index(SHUFFLE, 4_711, 4_713);
    MapOutputIndex remote =
        new TableCache().index(home, SHUFFLE, OffsetsTable.of(table), 4_711, 4_713, 1 << 30);
    for (MapOutput output : outputs) {
      MapSegments expected = MapSegments.stored(output.segments(4_711, 4_713));
      assertThat(local.segments(output.ref())).contains(expected);
      assertThat(remote.segments(output.ref())).contains(expected);
    }
    assertThat(registry.forget(SHUFFLE)).hasSize(200 + store.puts.get());
    assertThat(registry.retainedBytes()).isZero();
  }

  @Test
  void forgettingNamesObjectsOfReadersOnce() {
    OutputRegistry registry = registry(64 * KIB, 64 * KIB);
    ObjectLocation statuses = ObjectLocation.parse("s3://b/runs/app/map-status/1-a.statuses");
    registry.storedForReaders(SHUFFLE, statuses);
    registry.storedForReaders(SHUFFLE, statuses);
    registry.storedForReaders(SHUFFLE + 1, statuses);

    assertThat(registry.forgetReaders(SHUFFLE)).containsExactly(statuses);
    assertThat(registry.forgetReaders(SHUFFLE)).isEmpty();
    assertThat(registry.forgetReaders(SHUFFLE + 1)).containsExactly(statuses);
  }

  @Test
  void stragglerOfAForgottenShuffleTakesNoRoom() throws IOException {
    OutputRegistry registry = registry(64 * KIB, 64 * KIB);
    registry.add(report(1, random(300), 100, 0, 200));
    assertThat(registry.forget(SHUFFLE)).isEmpty();

    registry.add(report(2, random(300), 100, 0, 200));

    assertThat(registry.retainedBytes()).isZero();
    assertThat(registry.forgetAll()).isEmpty();
  }

  @Test
  void indexesThatTheStoreRefusesAreReadFromFootersInstead() throws IOException {
    OutputRegistry registry =
        new OutputRegistry(
            () -> new ShuffleHome(new InMemoryObjectStore("another"), Samples.LAYOUT),
            new DriverBounds(100 * KIB, 0, 0, 0));
    MapOutput output = dense(1, 20_000);

    registry.add(MapReport.stored(output));

    assertThat(registry.retainedBytes()).isZero();
    assertThat(registry.index(SHUFFLE, 0, 9).segments(output.ref())).isEmpty();
    assertThat(registry.knows(SHUFFLE, output.ref())).isTrue();
    assertThat(registry.forget(SHUFFLE))
        .containsExactly(Samples.LAYOUT.dataLocation(SHUFFLE, output.ref()));
  }

  @Test
  void smallOutputsAreServedFromMemoryAndFromTheirTable() throws IOException {
    OutputRegistry registry = registry(64 * KIB, 64 * KIB);
    byte[] data = random(300);
    MapReport small = report(1, data, 100, 0, 200);
    MapOutput big = dense(2, 3);
    registry.add(small);
    registry.add(MapReport.stored(big));

    byte[] table =
        registry
            .tables()
            .table(SHUFFLE, List.of(small.output().ref(), big.ref(), new MapRef(9, "x")));

    for (MapOutputIndex index :
        List.of(
            registry.index(SHUFFLE, 0, 3),
            new TableCache().index(home, SHUFFLE, OffsetsTable.of(table), 0, 3, 0))) {
      assertThat(bytes(index.segments(small.output().ref()).orElseThrow())).isEqualTo(data);
    }
    assertThat(OffsetsTable.of(table).columns(0, 3).segments(big.ref()))
        .contains(MapSegments.stored(big.segments(0, 3)));
    assertThat(OffsetsTable.of(table).names(List.of(new MapRef(9, "x")))).isTrue();
    assertThat(registry.forget(SHUFFLE))
        .containsExactly(Samples.LAYOUT.dataLocation(SHUFFLE, big.ref()));
    assertThat(store.puts.get() + store.gets.get()).isZero();
  }

  @Test
  void tableWithSegmentsClippedOrFlippedAnywhereIsRejected() throws IOException {
    OutputRegistry registry = registry(64 * KIB, 64 * KIB);
    MapReport small = report(1, random(30), 10, 0, 20);
    registry.add(small);
    byte[] table = registry.tables().table(SHUFFLE, List.of(small.output().ref()));

    for (int length = 0; length < table.length; length++) {
      byte[] clipped = Arrays.copyOf(table, length);
      assertThatThrownBy(() -> OffsetsTable.of(clipped).columns(0, 3))
          .isInstanceOf(ShuffleFormatException.class);
    }
    for (int bit = 0; bit < table.length * 8; bit++) {
      byte[] damaged = table.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> OffsetsTable.of(damaged).columns(0, 3))
          .isInstanceOf(ShuffleFormatException.class);
    }
  }

  @Test
  void smallOutputsBeyondTheBoundGetTheObjectTheyWereSpared() throws IOException {
    OutputRegistry registry = registry(64 * KIB, 2_500);
    byte[] data = random(2_000);
    MapReport first = report(1, data, 1_000, 1_000);
    MapReport second = report(2, data, 1_000, 1_000);

    registry.add(first);
    registry.add(second);

    ObjectLocation object = Samples.LAYOUT.dataLocation(SHUFFLE, second.output().ref());
    assertThat(memory.keys("test")).containsExactly(object.key());
    assertThat(
            new FooterReader(store, Samples.LAYOUT, second.output().lengths().length)
                .read(SHUFFLE, second.output().ref(), 0, 0))
        .isEqualTo(second.output());
    assertThat(memory.read(object)).startsWith(data);
    MapOutputIndex index = registry.index(SHUFFLE, 0, 2);
    assertThat(index.segments(first.output().ref()).map(MapSegments::inline)).isPresent();
    assertThat(index.segments(second.output().ref()))
        .contains(MapSegments.stored(second.output().segments(0, 2)));
    assertThat(registry.forgetAll()).containsExactly(object);
    assertThat(registry.retainedBytes()).isZero();
  }

  @Test
  void sameReportTwiceCountsOnce() throws IOException {
    OutputRegistry registry = registry(64 * KIB, 64 * KIB);
    MapReport small = report(1, random(100), 100);
    registry.add(small);
    long once = registry.retainedBytes();

    registry.registered(small.output().shuffleId(), small.output().lengths().length);
    registry.add(small.encode());

    assertThat(registry.retainedBytes()).isEqualTo(once);
  }

  @Test
  void reportOfAnUnknownShuffleOrOfOtherPartitionsIsRefused() throws IOException {
    OutputRegistry registry = registry(64 * KIB, 64 * KIB);
    byte[] report = report(1, random(100), 100).encode();

    assertThatThrownBy(() -> registry.add(report))
        .isInstanceOf(ShuffleFormatException.class)
        .hasMessageContaining("partitions, the shuffle is unknown.");
    registry.registered(SHUFFLE, 1_000);
    assertThatThrownBy(() -> registry.add(report))
        .isInstanceOf(ShuffleFormatException.class)
        .hasMessageContaining("partitions, the shuffle has 1000.");
    assertThat(registry.retainedBytes()).isZero();
  }

  @Test
  void publishedTableIsDeletedWithItsShuffle() throws IOException {
    OutputRegistry registry = registry(64 * KIB, 64 * KIB);
    MapReport small = report(1, random(100), 100);
    registry.add(small);

    ObjectLocation table =
        registry
            .tables()
            .publish(SHUFFLE, registry.tables().table(SHUFFLE, List.of(small.output().ref())));

    assertThat(OffsetsTable.at(store, table).columns(0, 1).segments(small.output().ref()))
        .isPresent();
    assertThat(registry.forget(SHUFFLE)).containsExactly(table);
  }

  private OutputRegistry registry(long indexBytes, long inlineBytes) {
    return new OutputRegistry(() -> home, new DriverBounds(indexBytes, inlineBytes, 0, 0));
  }

  private static byte[] bytes(MapSegments segments) {
    byte[] inline = Optional.ofNullable(segments.inline()).orElseThrow();
    byte[] joined = new byte[0];
    for (Segment segment : segments.segments()) {
      byte[] own = Arrays.copyOfRange(inline, (int) segment.start(), (int) segment.end());
      joined = Arrays.copyOf(joined, joined.length + own.length);
      System.arraycopy(own, 0, joined, joined.length - own.length, own.length);
    }
    return joined;
  }

  private static MapReport report(int map, byte[] data, long... lengths) {
    int[] checksums = new int[lengths.length];
    int position = 0;
    for (int i = 0; i < lengths.length; i++) {
      CRC32C crc = new CRC32C();
      crc.update(data, position, (int) lengths[i]);
      checksums[i] = lengths[i] == 0 ? 0 : (int) crc.getValue();
      position += (int) lengths[i];
    }
    return MapReport.inline(new MapOutput(SHUFFLE, map, "n" + map, lengths, checksums), data);
  }

  /** No empty partition, segments of up to 16 KiB. */
  private static MapOutput dense(int map, int partitions) {
    Random random = new Random(map);
    long[] lengths = new long[partitions];
    int[] checksums = new int[partitions];
    for (int i = 0; i < partitions; i++) {
      lengths[i] = 1L + random.nextInt(16 << 10);
      checksums[i] = random.nextInt();
    }
    return new MapOutput(SHUFFLE, map, "n" + map, lengths, checksums);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
