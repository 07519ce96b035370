// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.seal.BlockCodes;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.store.ObjectContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A file of segments back to back, as sealed segments: their codes are made by a first reading, and
 * put between the blocks by each later one. Memory: 16 bytes for each 64 KiB of the file. The file
 * must not change until the requests have ended. Immutable.
 */
final class SealedFile implements Chunk {
  private static final int SEALED_BLOCK_BYTES = SegmentSeal.BLOCK_BYTES + SegmentSeal.CODE_BYTES;

  private final Path file;
  private final long[] contentBytes;

  /** Of each segment the codes of its blocks, back to back. */
  private final byte[][] codes;

  private final long[] lengths;
  private final int[] crc32c;

  private SealedFile(Path file, long[] contentBytes) {
    this.file = file;
    this.contentBytes = contentBytes;
    this.codes = new byte[contentBytes.length][];
    this.lengths = new long[contentBytes.length];
    this.crc32c = new int[contentBytes.length];
  }

  /**
   * Reads the file once.
   *
   * @param contentBytes of each segment
   * @param whileReading called every 64 KiB; may throw to give up
   * @throws IOException also when the file is longer or shorter than they are together
   */
  static SealedFile read(
      Path file, long[] contentBytes, SegmentSeal seal, MapRef map, Runnable whileReading)
      throws IOException {
    SealedFile sealed = new SealedFile(file, contentBytes.clone());
    byte[] block = new byte[SegmentSeal.BLOCK_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int partition = 0; partition < contentBytes.length; partition++) {
        if (contentBytes[partition] > 0) {
          sealed.segment(partition, in, block, seal.codes(map, partition), whileReading);
        }
      }
      if (in.read() >= 0) {
        throw new IOException("Cannot store spill " + file + ": it is longer than its segments.");
      }
    }
    return sealed;
  }

  private void segment(
      int partition, InputStream in, byte[] block, BlockCodes made, Runnable whileReading)
      throws IOException {
    long content = contentBytes[partition];
    lengths[partition] = SegmentSeal.sealedBytes(content);
    byte[] all = new byte[Math.toIntExact(lengths[partition] - content)];
    CRC32C crc = new CRC32C();
    int next = 0;
    for (long left = content; left > 0; ) {
      int wanted = (int) Math.min(block.length, left);
      int count = in.readNBytes(block, 0, wanted);
      if (count < wanted) {
        throw new IOException(
            "Cannot store spill " + file + ": it ends " + (left - count) + " bytes too early.");
      }
      left -= count;
      made.update(block, 0, count);
      byte[] code = made.code(left == 0);
      crc.update(block, 0, count);
      crc.update(code);
      System.arraycopy(code, 0, all, next, code.length);
      next += code.length;
      whileReading.run();
    }
    codes[partition] = all;
    crc32c[partition] = (int) crc.getValue();
  }

  /** Of each sealed segment; not a copy. */
  long[] lengths() {
    return lengths;
  }

  /** Of each sealed segment; not a copy. */
  int[] crc32c() {
    return crc32c;
  }

  /** Of all sealed segments. */
  @Override
  public long lengthBytes() {
    return Arrays.stream(lengths).sum();
  }

  /** Of all sealed segments back to back. */
  @Override
  public ObjectContent range(long start, long bytes) {
    return new ObjectContent() {
      @Override
      public long lengthBytes() {
        return bytes;
      }

      @Override
      public InputStream open() throws IOException {
        return new Sealed(start, bytes);
      }
    };
  }

  /** Puts codes between the blocks of a range of the file. */
  private final class Sealed extends InputStream {
    private final InputStream content;
    private int partition;

    /** From the beginning of the sealed segment. */
    private long position;

    private long left;

    Sealed(long start, long bytes) throws IOException {
      long contentStart = 0;
      position = start;
      left = bytes;
      while (partition < lengths.length && position >= lengths[partition]) {
        position -= lengths[partition];
        contentStart += contentBytes[partition];
        partition++;
      }
      if (position > 0) {
        long block = position / SEALED_BLOCK_BYTES;
        contentStart +=
            Math.min(
                contentBytes[partition],
                block * SegmentSeal.BLOCK_BYTES
                    + Math.min(position % SEALED_BLOCK_BYTES, SegmentSeal.BLOCK_BYTES));
      }
      content = Channels.newInputStream(FileChannel.open(file).position(contentStart));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      while (position == lengths[partition]) {
        partition++;
        position = 0;
      }
      int count = some(target, offset, (int) Math.min(length, left));
      position += count;
      left -= count;
      return count;
    }

    /** Bytes of one block, or of one code. */
    private int some(byte[] target, int offset, int length) throws IOException {
      int block = Math.toIntExact(position / SEALED_BLOCK_BYTES);
      int inBlock = (int) (position % SEALED_BLOCK_BYTES);
      int blockBytes =
          (int)
              Math.min(
                  SegmentSeal.BLOCK_BYTES,
                  contentBytes[partition] - (long) block * SegmentSeal.BLOCK_BYTES);
      if (inBlock >= blockBytes) {
        int inCode = inBlock - blockBytes;
        int count = Math.min(length, SegmentSeal.CODE_BYTES - inCode);
        int from = block * SegmentSeal.CODE_BYTES + inCode;
        System.arraycopy(codes[partition], from, target, offset, count);
        return count;
      }
      int count = content.read(target, offset, Math.min(length, blockBytes - inBlock));
      if (count < 0) {
        throw new IOException("Cannot read shuffle spill " + file + ": it ends too early.");
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      content.close();
    }
  }
}
