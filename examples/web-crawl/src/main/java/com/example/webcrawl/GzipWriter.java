// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes gzip members (RFC 1952) one after the other, each a whole one, as WARC files are: a reader
 * may start at any of them.
 *
 * <p>{@code GZIPOutputStream} would make a deflater a record, and its header byte for the operating
 * system differs between JDKs. Not thread-safe. Closing frees the deflater and leaves the stream
 * open: it is the caller's.
 */
final class GzipWriter implements AutoCloseable {
  /**
   * Magic, deflate, no flags, no time, no extra flags, Unix: the ten bytes real crawl files have.
   */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};

  private final OutputStream out;
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final CRC32 crc = new CRC32();
  private final byte[] block = new byte[64 * 1024];
  private long writtenBytes;

  GzipWriter(OutputStream out) {
    this.out = out;
  }

  /** Compressed bytes so far. */
  long writtenBytes() {
    return writtenBytes;
  }

  void write(Bytes content) throws IOException {
    emit(HEADER, HEADER.length);
    deflater.reset();
    deflater.setInput(content.array(), 0, content.length());
    deflater.finish();
    while (!deflater.finished()) {
      emit(block, deflater.deflate(block));
    }
    crc.reset();
    crc.update(content.array(), 0, content.length());
    putLittleEndian(0, (int) crc.getValue());
    putLittleEndian(4, content.length());
    emit(block, 8);
  }

  @Override
  public void close() {
    deflater.end();
  }

  private void putLittleEndian(int at, int value) {
    for (int i = 0; i < 4; i++) {
      block[at + i] = (byte) (value >>> (8 * i));
    }
  }

  private void emit(byte[] bytes, int count) throws IOException {
    out.write(bytes, 0, count);
    writtenBytes += count;
  }
}
