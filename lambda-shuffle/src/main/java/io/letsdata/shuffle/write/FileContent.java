// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.store.ObjectContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A range of a file, which must not change until the request has ended. Immutable. */
final class FileContent implements ObjectContent {
  private final Path file;
  private final long start;
  private final long fileBytes;

  FileContent(Path file, long start, long fileBytes) {
    this.file = file;
    this.start = start;
    this.fileBytes = fileBytes;
  }

  @Override
  public long lengthBytes() {
    return fileBytes;
  }

  @Override
  public InputStream open() throws IOException {
    FileChannel channel = FileChannel.open(file).position(start);
    return new BoundedStream(Channels.newInputStream(channel), fileBytes);
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
