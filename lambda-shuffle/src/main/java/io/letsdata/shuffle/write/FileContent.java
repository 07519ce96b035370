// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.store.ObjectContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A range of a file, followed by a few bytes. The file must not change until the request has ended.
 * Immutable.
 */
final class FileContent implements ObjectContent {
  private final Path file;
  private final long start;
  private final long fileBytes;
  private final byte[] tail;

  FileContent(Path file, long start, long fileBytes, byte[] tail) {
    this.file = file;
    this.start = start;
    this.fileBytes = fileBytes;
    this.tail = tail;
  }

  @Override
  public long lengthBytes() {
    return fileBytes + tail.length;
  }

  @Override
  public InputStream open() throws IOException {
    FileChannel channel = FileChannel.open(file).position(start);
    InputStream range = new BoundedStream(Channels.newInputStream(channel), fileBytes);
    return new SequenceInputStream(range, new ByteArrayInputStream(tail));
  }

  /**
   * CRC-32C of each of the segments that a file consists of, back to back.
   *
   * @param whileReading called every 64 KiB; may throw to give up
   * @throws IOException also when the file is longer or shorter than they are together
   */
  static int[] checksums(Path file, long[] segmentLengths, Runnable whileReading)
      throws IOException {
    int[] checksums = new int[segmentLengths.length];
    byte[] bytes = new byte[64 << 10];
    try (InputStream in = Files.newInputStream(file)) {
      for (int partition = 0; partition < segmentLengths.length; partition++) {
        CRC32C crc = new CRC32C();
        int count;
        for (long left = segmentLengths[partition]; left > 0; left -= count) {
          count = in.read(bytes, 0, (int) Math.min(bytes.length, left));
          if (count < 0) {
            throw new IOException(
                "Cannot store spill " + file + ": it ends " + left + " bytes too early.");
          }
          crc.update(bytes, 0, count);
          whileReading.run();
        }
        checksums[partition] = (int) crc.getValue();
      }
      if (in.read() >= 0) {
        throw new IOException("Cannot store spill " + file + ": it is longer than its segments.");
      }
    }
    return checksums;
  }

  /** Ends after so many bytes, and fails if there are fewer. */
  private static final class BoundedStream extends InputStream {
    private final InputStream source;
    private long left;

    BoundedStream(InputStream source, long length) {
      this.source = source;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = source.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new IOException(
            "Cannot read a shuffle spill: " + left + " bytes are missing at its end.");
      }
      left -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
