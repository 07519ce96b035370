// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.fetch.FooterReader;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.seal.SegmentSeal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MapOutputUploadTest {
  private static final int PART = MapOutputUpload.MIN_PART_BYTES;
  private static final MapRef MAP = new MapRef(4, "n");

  private final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  private final ProbedStore store = new ProbedStore(memory);

  private final Path folder;

  MapOutputUploadTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void noPutIsLargerThanS3Takes() {
    long most = 5L << 30;

    assertThat(MapOutputUpload.isOnePut(128 << 20, 1_000, 16 << 20)).isTrue();
    assertThat(MapOutputUpload.isOnePut((128 << 20) + 1, 1_000, 16 << 20)).isFalse();
    assertThat(MapOutputUpload.isOnePut(most - 1_000, 1_000, 1 << 30)).isTrue();
    assertThat(MapOutputUpload.isOnePut(most - 999, 1_000, 1 << 30)).isFalse();
  }

  @Test
  void smallOutputIsOnePut() throws IOException {
    MapOutputUpload upload = upload(3);
    byte[] data = random(1_000);

    write(upload, 0, data, 0, 400);
    write(upload, 2, data, 400, 1_000);
    MapOutput output = upload.commit().output();

    assertThat(store.puts).hasValue(1);
    assertThat(store.posts).hasValue(0);
    assertThat(output.lengths()).containsExactly(400, 0, 600);
    assertStored(upload, output, data);
  }

  @Test
  void outputWithoutAByteIsNoRequest() throws IOException {
    MapOutputUpload upload = upload(3);
    upload.segment(1).close();

    MapOutput output = upload.commit().output();

    assertThat(output.totalBytes()).isZero();
    assertThat(store.puts).hasValue(0);
    assertThat(memory.keys("test")).isEmpty();
  }

  @Test
  void largeOutputGoesUpInPartsWhileItIsWritten() throws IOException {
    MapOutputUpload upload = upload(2);
    byte[] data = random(3 * PART + 77);

    write(upload, 0, data, 0, PART + 5);
    write(upload, 1, data, PART + 5, data.length);
    assertThat(store.parts).hasValue(3);
    assertThat(memory.keys("test")).isEmpty();
    MapOutput output = upload.commit().output();

    assertThat(store.parts).hasValue(4);
    assertThat(store.posts).hasValue(2);
    assertStored(upload, output, data);
  }

  @Test
  void outputOfUpToTwoPartsIsOnePut() throws IOException {
    for (int size : new int[] {PART, PART + 1, 2 * PART}) {
      store.resetCounts();
      MapOutputUpload upload = upload(1);
      byte[] data = random(size);

      write(upload, 0, data, 0, size);
      MapOutput output = upload.commit().output();

      assertThat(store.puts).hasValue(1);
      assertThat(store.posts).hasValue(0);
      assertStored(upload, output, data);
    }
  }

  @Test
  void abortedOutputLeavesNothing() throws IOException {
    MapOutputUpload upload = upload(1);
    byte[] data = random(2 * PART + 1);
    write(upload, 0, data, 0, data.length);

    upload.abort();
    upload.abort();

    assertThat(memory.keys("test")).isEmpty();
    assertThat(memory.pendingUploads()).isZero();
  }

  @Test
  void abortAfterCommitTakesNothingBack() throws IOException {
    MapOutputUpload upload = upload(1);
    byte[] data = random(2 * PART + 1);
    write(upload, 0, data, 0, data.length);
    MapOutput output = upload.commit().output();

    upload.abort();

    assertStored(upload, output, data);
  }

  @Test
  void spillFileIsStoredSealed() throws IOException {
    int most = (int) SegmentSeal.contentBytes(8 * PART) - 16; // of two segments, in one PUT
    for (int size : new int[] {0, 1_000, most, most + 1, 9 * PART}) {
      store.resetCounts();
      byte[] data = random(size);
      Path spill = Files.write(folder.resolve("spill"), data);
      MapOutputUpload upload = upload(0);

      MapOutput output =
          upload
              .commitFile(spill, new long[] {size / 3, 0, size - size / 3}, Samples.SEAL)
              .output();

      assertThat(store.puts).hasValue(size > 0 && size <= most ? 1 : 0);
      assertThat(store.parts).hasValue(size > most ? 5 : 0);
      if (size > 0) {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        sealed.writeBytes(Samples.sealed(MAP, 0, Arrays.copyOf(data, size / 3)));
        sealed.writeBytes(Samples.sealed(MAP, 2, Arrays.copyOfRange(data, size / 3, size)));
        assertStored(upload, output, sealed.toByteArray());
      }
    }
  }

  @Test
  void spillFileThatIsNotItsSegmentsIsRefused() throws IOException {
    Path spill = Files.write(folder.resolve("spill"), random(100));

    for (long length : new long[] {99, 101}) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> upload(0).commitFile(spill, new long[] {length}, Samples.SEAL))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot store spill ");
    }
    assertThat(memory.keys("test")).isEmpty();
  }

  private void assertStored(MapOutputUpload upload, MapOutput output, byte[] data)
      throws IOException {
    byte[] stored = memory.read(upload.object());
    assertThat(Arrays.equals(stored, 0, data.length, data, 0, data.length)).isTrue();
    assertThat(MapObject.parse(stored, stored.length, output.lengths().length)).isEqualTo(output);
    for (Segment segment : output.segments(0, output.lengths().length)) {
      assertThat(MapObject.crc32c(stored, (int) segment.start(), (int) segment.lengthBytes()))
          .isEqualTo(segment.crc32c());
    }
    assertThat(new FooterReader(memory, Samples.LAYOUT, output.lengths().length).read(0, MAP, 0, 0))
        .isEqualTo(output);
    memory.delete(java.util.List.of(upload.object()));
  }

  private MapOutputUpload upload(int partitions) {
    return new MapOutputUpload(new PartSender(store), Samples.LAYOUT, 0, MAP, partitions, PART, 0);
  }

  @Test
  void smallOutputGoesIntoTheReportAndCostsNoRequest(@TempDir Path folder) throws IOException {
    byte[] data = random(1_000);
    MapOutput expected =
        new MapOutput(0, MAP.mapId(), MAP.nonce(), new long[] {416, 0, 616}, new int[3]);
    int limit = 1_000 + expected.encode().length; // codes do not count
    byte[] first = Samples.sealed(MAP, 0, Arrays.copyOf(data, 400));
    byte[] third = Samples.sealed(MAP, 2, Arrays.copyOfRange(data, 400, 1_000));
    MapOutputUpload streamed =
        new MapOutputUpload(new PartSender(store), Samples.LAYOUT, 0, MAP, 3, PART, limit);
    write(streamed, 0, first, 0, first.length);
    write(streamed, 2, third, 0, third.length);
    Path spill = Files.write(folder.resolve("spill"), data);
    MapOutputUpload spilled =
        new MapOutputUpload(new PartSender(store), Samples.LAYOUT, 0, MAP, 3, PART, limit);

    MapReport one = streamed.commit();
    MapReport other = spilled.commitFile(spill, new long[] {400, 0, 600}, Samples.SEAL);

    byte[] sealed = ByteBuffer.allocate(1_032).put(first).put(third).array();
    assertThat(one.inline()).contains(sealed);
    assertThat(other.inline()).contains(sealed);
    assertThat(one.output()).isEqualTo(other.output());
    assertThat(store.puts.get() + store.posts.get()).isZero();
  }

  @Test
  void outputAboveTheInlineLimitByAByteIsStored() throws IOException {
    byte[] data = Samples.sealed(MAP, 0, random(1_000));
    MapOutput expected = new MapOutput(0, MAP.mapId(), MAP.nonce(), new long[] {1_016}, new int[1]);
    int limit = 1_000 + expected.encode().length - 1;
    MapOutputUpload upload =
        new MapOutputUpload(new PartSender(store), Samples.LAYOUT, 0, MAP, 1, PART, limit);
    write(upload, 0, data, 0, data.length);

    MapReport report = upload.commit();

    assertThat(report.inline()).isEmpty();
    assertThat(store.puts).hasValue(1);
  }

  private static void write(MapOutputUpload upload, int partition, byte[] data, int start, int end)
      throws IOException {
    try (OutputStream out = upload.segment(partition)) {
      for (int from : IntStream.iterate(start, at -> at < end, at -> at + 70_001).toArray()) {
        out.write(data, from, Math.min(70_001, end - from));
      }
    }
  }

  private static byte[] random(int size) {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }
}
