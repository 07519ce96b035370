// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.publish.ShufflePublisher.ShuffleSnapshot;
import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.Fault;
import io.letsdata.fixtures.store.FaultyObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.fixtures.store.StoreOperation;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.ShuffleInput;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.spark.context.MapLocation;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ShuffleStatus;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.MapStatus$;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class ShufflePublisherTest {
  private static final JavaSparkContext CONTEXT =
      new JavaSparkContext(
          new SparkConf(false)
              .setMaster("local[1]")
              .setAppName("shuffles")
              .set("spark.ui.enabled", "false")
              .set("spark.driver.host", "localhost")
              .set("spark.driver.bindAddress", "127.0.0.1"));

  private final FaultyObjectStore faulty = new FaultyObjectStore(new InMemoryObjectStore("b"));
  private final CountingObjectStore store = new CountingObjectStore(faulty);
  private final OutputRegistry offsets =
      new OutputRegistry(
          () -> {
            throw new IllegalStateException("the bounds are never reached");
          },
          DriverBounds.DEFAULT);
  private final ShufflePublisher publisher =
      new ShufflePublisher(
          CONTEXT.env(),
          store,
          new RunLayout(ObjectLocation.parse("s3://b/runs/app")),
          offsets,
          128 << 10);

  @AfterAll
  static void stop() {
    CONTEXT.stop();
  }

  /** As the scheduler sees a shuffle whose map outputs are all there. */
  private ShuffleSnapshot shuffle(int mapTasks, int partitions) throws IOException {
    Random random = new Random(7);
    ShuffleStatus statuses = new ShuffleStatus(mapTasks, partitions);
    List<MapRef> maps = new ArrayList<>();
    for (int map = 0; map < mapTasks; map++) {
      long[] lengths = new long[partitions];
      int[] crc32c = new int[partitions];
      for (int i = 0; i < partitions; i++) {
        lengths[i] = 1L + random.nextInt(128 << 10);
        crc32c[i] = random.nextInt();
      }
      MapOutput output = new MapOutput(1, map, "r%08x".formatted(map), lengths, crc32c);
      offsets.add(MapReport.stored(output));
      maps.add(output.ref());
      statuses.addMapOutput(
          map, MapStatus$.MODULE$.apply(MapLocation.of(output.ref()), lengths, map));
    }
    byte[] serialized =
        statuses.serializedMapStatus(
            CONTEXT.env().broadcastManager(), false, Integer.MAX_VALUE, CONTEXT.getConf());
    return new ShuffleSnapshot(1, serialized, maps, false);
  }

  @Test
  void millionSegmentsAreStoredOnceInTwoObjects() throws IOException {
    ShuffleSnapshot wide = shuffle(1_000, 1_000);

    ShuffleInput first = publisher.publish(wide, 1_000);
    ShuffleInput second = publisher.publish(wide, 1_000);

    assertThat(store.counts().put()).isEqualTo(2);
    assertThat(store.counts().head()).isEqualTo(2);
    assertThat(store.log()).hasSize(4);
    // Spark's statuses have a byte a segment, our table its length and checksum.
    assertThat(store.counts().bytesOut()).isBetween(8L << 20, 16L << 20);
    assertThat(first.statuses().hasBytes()).isFalse();
    assertThat(second.offsets().location()).isEqualTo(first.offsets().location());
    assertThat(second.version()).isEqualTo(first.version());
  }

  @Test
  void objectThatWasDeletedOrReplacedBetweenStagesIsStoredAgain() throws IOException {
    ShuffleSnapshot wide = shuffle(100, 1_000);
    ShuffleInput first = publisher.publish(wide, 1_000);
    byte[] table = store.read(first.offsets().object());
    byte[] statuses = store.read(first.statuses().object());

    store.delete(List.of(first.offsets().object()));
    store.put(first.statuses().object(), ObjectContent.ofUtf8("?"));
    ShuffleInput second = publisher.publish(wide, 1_000);

    assertThat(second.version()).isEqualTo(first.version());
    assertThat(store.read(second.offsets().object())).isEqualTo(table);
    assertThat(store.read(second.statuses().object())).isEqualTo(statuses);
  }

  @Test
  void footersReplaceOffsetsWhileTheStoreFails() throws IOException {
    ShuffleSnapshot wide = shuffle(100, 1_000);
    faulty.inject(StoreOperation.PUT, ".offsets", 1, new Fault.Unavailable());

    ShuffleInput first = publisher.publish(wide, 1_000);
    ShuffleInput second = publisher.publish(wide, 1_000);

    assertThat(first.offsets().hasBytes()).isTrue();
    OffsetsTable table = OffsetsTable.of(first.offsets().inline());
    assertThat(table.names(wide.maps())).isTrue();
    assertThat(table.columns(0, 1).segments(wide.maps().get(0))).isEmpty();
    assertThat(second.offsets().hasBytes()).isFalse();
    assertThat(second.version()).isNotEqualTo(first.version());
  }

  @Test
  void smallShuffleIsInsideThePayloadAndCostsNoRequest() throws IOException {
    ShuffleInput input = publisher.publish(shuffle(20, 20), 20);

    assertThat(input.statuses().hasBytes()).isTrue();
    assertThat(input.offsets().hasBytes()).isTrue();
    assertThat(store.log()).isEmpty();
  }
}
