// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.shuffle.ProbedStore;
import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.Segment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PartitionBuffersTest {
  private static final int PART = MapOutputUpload.MIN_PART_BYTES;
  private static final int FLOOR = PartitionBuffers.FLOOR_BYTES;
  private static final MapRef MAP = new MapRef(4, "n");

  private final InMemoryObjectStore memory = new InMemoryObjectStore("test");
  private final ProbedStore store = new ProbedStore(memory);
  private final Path folder;

  PartitionBuffersTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static final class Ledger implements BufferMemory {
    private final LongUnaryOperator grants;
    long balance;
    int wishes;

    Ledger(LongUnaryOperator grants) {
      this.grants = grants;
    }

    @Override
    public long acquire(long bytes) {
      wishes++;
      long granted = grants.applyAsLong(bytes);
      balance += granted;
      return granted;
    }

    @Override
    public void release(long bytes) {
      balance -= bytes;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 10, 0})
  void segmentsAreWhatWasWrittenToEachHoweverMuchMemoryThereIs(int percent) throws IOException {
    Ledger ledger = new Ledger(wanted -> wanted * percent / 100);
    try (PartitionBuffers buffers = buffers(7, ledger)) {
      byte[] expected = fill(buffers, 7, 6 * FLOOR);

      assertThat(buffers.lengthBytes()).isEqualTo(expected.length);
      assertThat(buffers.peakBytes()).isLessThanOrEqualTo(expected.length * 5L / 4 + FLOOR);
      assertThat(buffers.diskBytesSpilled() > 0).isEqualTo(percent < 100);
      assertThat(files()).isEqualTo(percent == 100 ? 0 : 1);
      MapOutputUpload upload = upload(0);
      assertStored(upload, upload.commitBuffers(buffers).output(), expected);
      assertThat(store.puts).hasValue(1);
    }
    assertThat(ledger.balance).isZero();
    assertThat(files()).isZero();
  }

  @Test
  void withoutAnyMemoryNoMoreThanTheFloorIsHeldAndAFloorIsSpilledAtATime() throws IOException {
    Ledger ledger = new Ledger(wanted -> 0);
    try (PartitionBuffers buffers = buffers(200, ledger)) {
      byte[] expected = fill(buffers, 200, 8 * FLOOR);

      assertThat(buffers.peakBytes()).isLessThanOrEqualTo(FLOOR);
      assertThat(ledger.wishes).isBetween(1, 3 * 8);
      MapOutputUpload upload = upload(0);
      assertStored(upload, upload.commitBuffers(buffers).output(), expected);
    }
  }

  @Test
  void smallOutputAsksForNothing() throws IOException {
    Ledger ledger = new Ledger(wanted -> wanted);
    try (PartitionBuffers buffers = buffers(200, ledger)) {
      for (int partition = 0; partition < 200; partition++) {
        byte[] content = {(byte) partition};
        buffers.stream(partition).write(Samples.sealed(new MapRef(1, "n"), partition, content));
      }
      MapReport report = upload(64 << 10).commitBuffers(buffers);

      assertThat(ledger.wishes).isZero();
      assertThat(report.inline().orElseThrow()).hasSize(200 * 17).startsWith(0);
      assertThat(store.all()).isZero();
    }
  }

  @Test
  void memoryThatHasItSpilledBeforeItGrantsIsCountedOnce() throws IOException {
    PartitionBuffers[] served = new PartitionBuffers[1];
    long[] released = new long[1];
    Ledger ledger =
        new Ledger(
            wanted -> {
              try {
                released[0] += served[0].spill();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
              return wanted;
            });
    try (PartitionBuffers buffers = buffers(3, ledger)) {
      served[0] = buffers;
      byte[] expected = fill(buffers, 3, 9 * FLOOR);

      assertThat(released[0]).isPositive();
      assertThat(buffers.peakBytes()).isLessThanOrEqualTo(2 * FLOOR);
      MapOutputUpload upload = upload(0);
      assertStored(upload, upload.commitBuffers(buffers).output(), expected);
    }
    assertThat(ledger.balance).isZero();
  }

  @Test
  void largeOutputGoesUpInPartsFromMemoryAndFileAlike() throws IOException {
    int[] wishes = new int[1];
    Ledger ledger = new Ledger(wanted -> ++wishes[0] % 20 == 0 ? 0 : wanted);
    try (PartitionBuffers buffers = buffers(5, ledger)) {
      byte[] expected = fill(buffers, 5, 8 * PART + 1);
      assertThat(buffers.diskBytesSpilled()).isBetween(1L, expected.length - 1L);

      MapOutputUpload upload = upload(0);
      MapOutput output = upload.commitBuffers(buffers).output();

      assertThat(store.parts).hasValue(5);
      assertStored(upload, output, expected);
    }
  }

  @Test
  void anyRangeOfThePiecesCanBeReadAgainAndAgain() throws IOException {
    byte[] all = random(100);
    Path file = Files.write(folder.resolve("f"), all);
    List<Chunk> chunks =
        List.of(
            Chunk.ofMemory(all, 10),
            Chunk.ofFile(file, 10, 35),
            Chunk.ofMemory(Arrays.copyOfRange(all, 45, 99), 5),
            Chunk.ofMemory(Arrays.copyOfRange(all, 50, 99), 49));

    for (int start = 0; start < 99; start++) {
      for (int end = start; end <= 99; end++) {
        var content = ChunkedContent.of(chunks, start, end - start, new byte[] {42});
        for (int attempt = 0; attempt < 2; attempt++) {
          try (InputStream in = content.open()) {
            byte[] read = in.readAllBytes();
            assertThat(content.lengthBytes()).isEqualTo(read.length).isEqualTo(end - start + 1);
            assertThat(Arrays.equals(read, 0, end - start, all, start, end)).isTrue();
            assertThat(read[end - start]).isEqualTo((byte) 42);
          }
        }
      }
    }
  }

  @Test
  void abandonedOutputAcceptsBytesHoldsNothingAndLeavesNoFile() throws IOException {
    Ledger ledger = new Ledger(wanted -> wanted / 10);
    try (PartitionBuffers buffers = buffers(2, ledger)) {
      byte[] unused = fill(buffers, 2, 4 * FLOOR);
      int wishes = ledger.wishes;

      buffers.discard();
      buffers.stream(1).write(new byte[4 * FLOOR]);

      assertThat(ledger.wishes).isEqualTo(wishes);
      assertThat(buffers.spill()).isZero();
    }
    assertThat(ledger.balance).isZero();
    assertThat(files()).isZero();
  }

  @Test
  void diskThatTakesNothingFailsTheWriteAndTheCommitAndKeepsNoMemory() throws IOException {
    Ledger ledger = new Ledger(wanted -> wanted / 10);
    Path nowhere = folder.resolve("no folder").resolve("spill");
    try (PartitionBuffers buffers = new PartitionBuffers(2, ledger, () -> nowhere)) {
      assertThatThrownBy(() -> fill(buffers, 2, 4 * FLOOR)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> upload(0).commitBuffers(buffers))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot store a map output: a spill of it failed: ");
      assertThat(ledger.balance).isPositive();
    }
    assertThat(ledger.balance).isZero();
  }

  /** Writes of all lengths to all partitions in turn; gives what the segments are, back to back. */
  private static byte[] fill(PartitionBuffers buffers, int partitions, int bytes)
      throws IOException {
    byte[] data = random(bytes);
    ByteArrayOutputStream[] copies =
        IntStream.range(0, partitions)
            .mapToObj(i -> new ByteArrayOutputStream())
            .toArray(ByteArrayOutputStream[]::new);
    Random random = new Random(partitions);
    int length;
    for (int from = 0; from < bytes; from += length) {
      length = Math.min(bytes - from, 1 + random.nextInt(1 << random.nextInt(17)));
      int partition = random.nextInt(partitions);
      buffers.stream(partition).write(data, from, length);
      copies[partition].write(data, from, length);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int partition = 0; partition < partitions; partition++) {
      all.writeBytes(copies[partition].toByteArray());
      assertThat(buffers.lengths()[partition]).isEqualTo(copies[partition].size());
    }
    return all.toByteArray();
  }

  private void assertStored(MapOutputUpload upload, MapOutput output, byte[] expected)
      throws IOException {
    byte[] stored = memory.read(upload.object());
    assertThat(Arrays.equals(stored, 0, expected.length, expected, 0, expected.length)).isTrue();
    assertThat(MapObject.parse(stored, stored.length, output.lengths().length)).isEqualTo(output);
    for (Segment segment : output.segments(0, output.lengths().length)) {
      assertThat(MapObject.crc32c(stored, (int) segment.start(), (int) segment.lengthBytes()))
          .isEqualTo(segment.crc32c());
    }
  }

  private PartitionBuffers buffers(int partitions, BufferMemory granted) {
    return new PartitionBuffers(partitions, granted, () -> folder.resolve("spill"));
  }

  private MapOutputUpload upload(int inlineBytes) {
    return new MapOutputUpload(new PartSender(store), Samples.LAYOUT, 0, MAP, 0, PART, inlineBytes);
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  private static byte[] random(int size) {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }
}
