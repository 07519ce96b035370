// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.seal;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a segment's content with its codes. Buffers nothing. A segment without content stays
 * empty. Closing it ends the segment, once, and leaves the stream below open. Not thread-safe.
 */
@Internal
public final class SealingStream extends OutputStream {
  private final BlockCodes codes;
  private final OutputStream out;
  private long contentBytes;
  private boolean ended;

  SealingStream(BlockCodes codes, OutputStream out) {
    this.codes = codes;
    this.out = out;
  }

  /** Bytes of content so far. */
  public long contentBytes() {
    return contentBytes;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      throw new IOException("Cannot write to a shuffle segment: it is closed.");
    }
    int from = offset;
    int left = length;
    while (left > 0) {
      if (codes.blockBytes() == SegmentSeal.BLOCK_BYTES) { // and it is not the last
        out.write(codes.code(false));
      }
      int count = Math.min(left, SegmentSeal.BLOCK_BYTES - codes.blockBytes());
      codes.update(bytes, from, count);
      out.write(bytes, from, count);
      from += count;
      left -= count;
    }
    contentBytes += length;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    if (!ended) {
      ended = true;
      if (contentBytes > 0) {
        out.write(codes.code(true));
      }
    }
  }
}
