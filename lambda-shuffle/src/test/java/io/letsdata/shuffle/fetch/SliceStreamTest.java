// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.shuffle.write.MapOutputUpload;
import io.letsdata.shuffle.write.PartSender;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One large segment whose damage a decoder meets before its checksum can speak. */
final class SliceStreamTest {
  private static final int SLICE = 1_000;
  private static final MapRef MAP = new MapRef(3, "n");

  private final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  private final ProbedStore store = new ProbedStore(memory);
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Hedging hedging = new Hedging(0);
  private final ObjectLocation object;
  private final Segment segment;

  SliceStreamTest() throws IOException {
    byte[] text = new byte[40 * SLICE];
    Random random = new Random(1);
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('a' + random.nextInt(16));
    }
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(compressed)) {
      zip.write(text);
    }
    MapOutputUpload upload =
        new MapOutputUpload(
            new PartSender(memory), Samples.LAYOUT, 0, MAP, 1, MapOutputUpload.MIN_PART_BYTES, 0);
    upload.segment(0).write(compressed.toByteArray());
    segment = upload.commit().output().segments(0, 1).get(0);
    object = upload.object();
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    hedging.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.0001, 0.01, 0.5, 0.99, 1})
  void damageAnywhereIsReportedAsDamageOfTheSegment(double where) throws IOException {
    byte[] bytes = memory.read(object);
    bytes[(int) (where * (segment.lengthBytes() - 1))] ^= 1;
    memory.put(object, ObjectContent.of(bytes));
    InputStream body = fetcher().next().body();

    Throwable decoding = catchThrowable(() -> new GZIPInputStream(body, SLICE).transferTo(sink()));

    assertThat(decoding).isNotNull();
    assertThatThrownBy(body::close)
        .isInstanceOfSatisfying(
            SegmentUnavailable.class, lost -> assertThat(lost.wanted().map()).isEqualTo(MAP))
        .hasMessageContaining("its checksum is wrong");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.5, 0.99})
  void objectThatEndsTooEarlyStaysLostWithTheNextRead(double where) throws IOException {
    memory.put(
        object, ObjectContent.of(memory.read(object), 0, (int) (where * segment.lengthBytes())));
    InputStream body = fetcher().next().body();

    Throwable reading = catchThrowable(() -> body.transferTo(sink()));

    assertThat(reading).isInstanceOf(SegmentUnavailable.class);
    // Not the same object: try-with-resources cannot add an exception to itself.
    assertThatThrownBy(body::read).isInstanceOf(SegmentUnavailable.class).hasCause(reading);
    assertThatThrownBy(body::close)
        .isNotSameAs(reading)
        .isInstanceOf(SegmentUnavailable.class)
        .hasMessage(reading.getMessage());
  }

  @Test
  void decoderThatFailsOverRightBytesIsHeard() throws IOException {
    InputStream body = fetcher().next().body();
    assertThat(body.read()).isEqualTo(0x1F);

    body.close();

    assertThat(store.gets.get()).isEqualTo((int) ((segment.lengthBytes() + SLICE - 1) / SLICE));
    assertThatThrownBy(body::read)
        .hasMessage("Cannot read a shuffle segment: the stream is closed.");
  }

  @Test
  void storeThatFailedStaysTheReasonAtTheEnd() throws IOException {
    store.beforeReads(
        (location, range) -> {
          if (range.start() > segment.start() + 2 * SLICE) {
            throw new StoreUnavailable("Cannot reach it.");
          }
        });
    InputStream body = fetcher().next().body();
    Throwable reading = catchThrowable(() -> body.transferTo(sink()));

    assertThatThrownBy(body::close).hasCause(reading).hasMessage("Cannot reach it.");
  }

  private SegmentFetcher fetcher() {
    FetchLimits limits = new FetchLimits(1, 2 * SLICE, SLICE);
    FetchPlan.Wanted wanted = new FetchPlan.Wanted(MAP, 0, object, List.of(segment));
    return new SegmentFetcher(
        store, FetchPlan.plan(List.of(wanted), 0, SLICE), limits, threads, hedging, () -> {});
  }

  private static OutputStream sink() {
    return OutputStream.nullOutputStream();
  }
}
