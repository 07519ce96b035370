// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import static io.letsdata.filesystem.FileSystemFixture.at;
import static io.letsdata.filesystem.FileSystemFixture.random;
import static io.letsdata.filesystem.FileSystemFixture.unpinned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.Fault;
import io.letsdata.fixtures.store.StoreOperation;
import io.letsdata.store.BodyTruncated;
import io.letsdata.store.ObjectChanged;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileRange;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {

  private static final int MIB = 1024 * 1024;

  private final FileSystemFixture fixture = new FileSystemFixture();

  @Test
  void openAndCloseOfPinnedPathNeedNoRequest() throws IOException {
    Path path = fixture.stored("k", random(10));

    fixture.fs.open(path).close();

    assertThat(fixture.requests.log()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, MIB, MIB + 1, 5 * MIB})
  void readOfAllBytesIsOneGet(int lengthBytes) throws IOException {
    byte[] bytes = random(lengthBytes);
    Path path = fixture.stored("k", bytes);

    try (FSDataInputStream in = fixture.fs.open(path)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }

    assertThat(fixture.requests.counts().get()).isEqualTo(lengthBytes == 0 ? 0 : 1);
    assertThat(fixture.requests.counts().requests()).isEqualTo(lengthBytes == 0 ? 0 : 1);
    assertThat(fixture.requests.counts().bytesIn()).isEqualTo(lengthBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000, 5 * MIB})
  void readOfAllBytesOfUnpinnedObjectIsOneGet(int lengthBytes) throws IOException {
    byte[] bytes = random(lengthBytes);
    fixture.stored("k", bytes);

    try (FSDataInputStream in = fixture.fs.open(unpinned("k"))) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
      assertThat(in.read()).isEqualTo(-1);
    }

    assertThat(fixture.requests.log()).containsExactly("GET s3://b/k");
  }

  @Test
  void objectOfManyGzipMembersIsReadToItsEnd() throws IOException {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int i = 0; i < 300; i++) {
      GZIPOutputStream member = new GZIPOutputStream(members);
      member.write(("record " + i + "\n").getBytes(StandardCharsets.UTF_8));
      member.finish();
    }
    fixture.stored("k.gz", members.toByteArray());

    try (GZIPInputStream in = new GZIPInputStream(fixture.fs.open(unpinned("k.gz")))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()).hasSize(300);
    }
  }

  @Test
  void footerThenTwoColumnsOfALargeObjectReadTwiceIsThreeGets() throws IOException {
    byte[] bytes = random(20 * MIB);
    Path path = fixture.stored("k.parquet", bytes);

    readFooter(path, bytes);
    try (FSDataInputStream in = readFooter(path, bytes)) {
      readColumn(in, bytes, 4, 2 * MIB);
      readColumn(in, bytes, 9 * MIB, 3 * MIB);
    }

    assertThat(fixture.requests.log())
        .containsExactly(
            "GET s3://b/k.parquet [20709376, 20971520)",
            "GET s3://b/k.parquet [4, 2097156)",
            "GET s3://b/k.parquet [9437184, 12582912)");
  }

  @Test
  void footerThenColumnsOfASmallObjectReadTwiceIsOneGet() throws IOException {
    byte[] bytes = random(MIB);
    Path path = fixture.stored("k.parquet", bytes);

    readFooter(path, bytes);
    try (FSDataInputStream in = readFooter(path, bytes)) {
      readColumn(in, bytes, 4, 1000);
      readColumn(in, bytes, 500_000, 1000);
    }

    assertThat(fixture.requests.log()).hasSize(1);
  }

  private FSDataInputStream readFooter(Path path, byte[] bytes) throws IOException {
    FSDataInputStream in = fixture.fs.open(path);
    readColumn(in, bytes, bytes.length - 8, 8);
    readColumn(in, bytes, bytes.length - 5000, 4992);
    return in;
  }

  private static void readColumn(FSDataInputStream in, byte[] bytes, int start, int length)
      throws IOException {
    byte[] column = new byte[length];
    in.seek(start);
    in.readFully(column);
    assertThat(column).isEqualTo(Arrays.copyOfRange(bytes, start, start + length));
  }

  @Test
  void sequentialReadsOfAColumnNeedFewerAndFewerGets() throws IOException {
    byte[] bytes = random(40 * MIB);
    Path path = fixture.stored("k", bytes);

    try (FSDataInputStream in = fixture.fs.open(path)) {
      for (int start = MIB; start < 33 * MIB; start += 64 * 1024) {
        readColumn(in, bytes, start, 64 * 1024);
      }
    }

    assertThat(fixture.requests.counts().get()).isLessThanOrEqualTo(9);
  }

  @Test
  void shortGapIsSkippedWithoutARequest() throws IOException {
    byte[] bytes = random(5 * MIB);
    Path path = fixture.stored("k", bytes);

    try (FSDataInputStream in = fixture.fs.open(path)) {
      readColumn(in, bytes, 0, 100);
      readColumn(in, bytes, 200_000, 100);
      readColumn(in, bytes, 500_000, 100);
    }

    assertThat(fixture.requests.counts().get()).isEqualTo(1);
  }

  @Test
  void seeksAndReadsInAnyOrderReturnTheBytesOfTheObject() throws IOException {
    byte[] bytes = random(3 * MIB + 77);
    Path path = fixture.stored("k", bytes);
    Random order = new Random(42);

    try (FSDataInputStream in = fixture.fs.open(path)) {
      for (int i = 0; i < 300; i++) {
        int start = order.nextInt(bytes.length);
        readColumn(in, bytes, start, order.nextInt(Math.min(400_000, bytes.length - start) + 1));
      }
    }
  }

  @Test
  void positionedReadKeepsThePositionOfTheStream() throws IOException {
    byte[] bytes = random(5 * MIB);
    Path path = fixture.stored("k", bytes);

    try (FSDataInputStream in = fixture.fs.open(path)) {
      in.readNBytes(10);
      byte[] elsewhere = new byte[100];
      in.readFully(2 * MIB, elsewhere);
      assertThat(elsewhere).isEqualTo(Arrays.copyOfRange(bytes, 2 * MIB, 2 * MIB + 100));
      assertThat(in.getPos()).isEqualTo(10);
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 10, bytes.length));
    }

    assertThat(fixture.requests.counts().get()).isEqualTo(2);
  }

  @Test
  void readPastTheEndReturnsTheEnd() throws IOException {
    Path path = fixture.stored("k", random(10));

    try (FSDataInputStream in = fixture.fs.open(path)) {
      assertThat(in.read(10, new byte[5], 0, 5)).isEqualTo(-1);
      assertThatThrownBy(() -> in.readFully(8, new byte[5])).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> in.seek(11)).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> in.seek(-1)).isInstanceOf(EOFException.class);
      in.seek(10);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void vectoredReadJoinsNeighbours() throws Exception {
    byte[] bytes = random(20 * MIB);
    Path path = fixture.stored("k", bytes);
    List<FileRange> ranges =
        List.of(
            FileRange.createFileRange(10 * MIB, 1000),
            FileRange.createFileRange(4, 1000),
            FileRange.createFileRange(100_000, 1000));

    try (FSDataInputStream in = fixture.fs.open(path)) {
      in.readVectored(ranges, ByteBuffer::allocate);
      for (FileRange range : ranges) {
        int start = (int) range.getOffset();
        assertThat(range.getData().get())
            .isEqualTo(ByteBuffer.wrap(bytes, start, range.getLength()));
      }
    }

    assertThat(fixture.requests.log())
        .containsExactly("GET s3://b/k [4, 101000)", "GET s3://b/k [10485760, 10486760)");
  }

  @Test
  void bodyThatBreaksOffIsContinued() throws IOException {
    byte[] bytes = random(5 * MIB);
    Path path = fixture.stored("k", bytes);
    fixture.faulty.inject(StoreOperation.OPEN, "k", 2, new Fault.CutBody(MIB));

    try (FSDataInputStream in = fixture.fs.open(path)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }

    assertThat(fixture.requests.log())
        .containsExactly(
            "GET s3://b/k [0, 5242880)",
            "GET s3://b/k [1048576, 5242880)",
            "GET s3://b/k [2097152, 5242880)");
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 5 * MIB})
  void bodyThatAlwaysBreaksOffIsAnErrorAndNotTheEnd(int lengthBytes) throws IOException {
    Path path = fixture.stored("k", random(lengthBytes));
    fixture.faulty.inject(StoreOperation.OPEN, "k", 100, new Fault.CutBody(0));

    try (FSDataInputStream in = fixture.fs.open(path)) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(BodyTruncated.class)
          .hasMessageContaining("s3://b/k");
    }

    assertThat(fixture.requests.counts().get()).isEqualTo(4);
  }

  @Test
  void replacedPinnedObjectIsAnError() throws IOException {
    Path path = fixture.stored("k", random(10));
    fixture.memory.put(at("k"), ObjectContent.of(random(11)));

    try (FSDataInputStream in = fixture.fs.open(path)) {
      assertThatThrownBy(in::read)
          .isInstanceOf(ObjectChanged.class)
          .hasMessageContaining("Cannot read s3://b/k [0, 10): object changed since planning");
    }
  }

  @Test
  void unpinnedObjectReplacedBetweenTwoReadsIsAnError() throws IOException {
    fixture.stored("k", random(5 * MIB));

    try (FSDataInputStream in = fixture.fs.open(unpinned("k"))) {
      in.readNBytes(10);
      fixture.memory.put(at("k"), ObjectContent.of(random(5 * MIB + 1)));
      in.seek(4 * MIB);
      assertThatThrownBy(in::read).isInstanceOf(ObjectChanged.class);
    }
  }

  @Test
  void wrongLengthInTheManifestIsAnError() throws IOException {
    String etag = fixture.memory.put(at("k"), ObjectContent.of(random(10)));
    Path path = StorePath.pinned(at("k"), new ObjectStat(8, etag)).toPath();

    try (FSDataInputStream in = fixture.fs.open(path)) {
      assertThatThrownBy(in::read)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("s3://b/k: its manifest states 8 bytes and it has 10");
    }
  }

  @Test
  void missingObjectIsFileNotFoundException() throws IOException {
    try (FSDataInputStream in = fixture.fs.open(unpinned("missing"))) {
      assertThatThrownBy(in::read)
          .isInstanceOf(FileNotFoundException.class)
          .hasMessageContaining("s3://b/missing");
    }
  }

  @Test
  void closedStreamCannotBeRead() throws IOException {
    FSDataInputStream in = fixture.fs.open(fixture.stored("k", random(10)));
    in.close();

    assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("s3://b/k");
  }

  @Test
  void streamContinuesWithAnotherGetAfterUnbuffer() throws IOException {
    byte[] bytes = random(5 * MIB);

    try (FSDataInputStream in = fixture.fs.open(fixture.stored("k", bytes))) {
      in.readNBytes(10);
      in.unbuffer();
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 10, bytes.length));
    }
  }
}
