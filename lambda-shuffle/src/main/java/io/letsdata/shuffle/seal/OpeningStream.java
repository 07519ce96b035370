// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.seal;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;

/**
 * Reads a sealed segment. A block is read whole and verified before its first byte is given; that
 * is all the memory it takes. Closing it closes the stream below. Thread-safe: a task that ends
 * closes what another of its threads may still read.
 */
final class OpeningStream extends InputStream {
  private static final String WHY =
      "its authentication code is wrong: it is damaged, or this application did not store it";

  private final BlockCodes codes;
  private final InputStream sealed;
  private final Function<String, IOException> refusal;
  private long leftBytes;
  private byte[] block = new byte[0];
  private int position;
  private int limit;
  private boolean wrong;
  private boolean cutShort;

  OpeningStream(
      BlockCodes codes,
      long sealedBytes,
      InputStream sealed,
      Function<String, IOException> refusal) {
    this.codes = codes;
    this.sealed = sealed;
    this.refusal = refusal;
    this.leftBytes = sealedBytes;
  }

  @Override
  public synchronized int read() throws IOException {
    return position < limit || next() ? block[position++] & 0xFF : -1;
  }

  @Override
  public synchronized int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (position == limit && !next()) {
      return -1;
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(block, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public synchronized int available() {
    return limit - position;
  }

  /** The next block; false at the end. */
  private boolean next() throws IOException {
    if (wrong) {
      throw refusal.apply(WHY);
    }
    if (cutShort) {
      throw new IOException("Cannot read a shuffle segment: the stream is closed.");
    }
    if (leftBytes == 0) {
      return false;
    }
    int wanted = (int) Math.min(leftBytes, SegmentSeal.BLOCK_BYTES + SegmentSeal.CODE_BYTES);
    if (block.length < wanted) {
      block = new byte[wanted];
    }
    int count = sealed.readNBytes(block, 0, wanted);
    int contentBytes = wanted - SegmentSeal.CODE_BYTES;
    if (count < wanted || contentBytes <= 0) {
      throw refused();
    }
    leftBytes -= wanted;
    codes.update(block, 0, contentBytes);
    byte[] given = Arrays.copyOfRange(block, contentBytes, wanted);
    if (!MessageDigest.isEqual(codes.code(leftBytes == 0), given)) {
      throw refused();
    }
    position = 0;
    limit = contentBytes;
    return true;
  }

  private IOException refused() {
    wrong = true;
    position = 0;
    limit = 0;
    block = new byte[0];
    return refusal.apply(WHY);
  }

  /** Throws, too, when a block was refused. */
  @Override
  public synchronized void close() throws IOException {
    cutShort |= leftBytes > 0 || position < limit;
    position = 0;
    limit = 0;
    block = new byte[0];
    sealed.close();
    if (wrong) {
      throw refusal.apply(WHY);
    }
  }
}
