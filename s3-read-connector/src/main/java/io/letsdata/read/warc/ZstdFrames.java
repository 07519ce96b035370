// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks the frames of a {@code .warc.zst} in turn and records where each begins (IIPC, "WARC with
 * Zstandard", 1.0): an optional dictionary in the first frame, which is skippable and may be packed
 * itself, then one frame a record. A read never crosses from one frame into the next. Not
 * thread-safe; closes its source.
 */
final class ZstdFrames extends InputStream implements Members {
  /** The first bytes of a frame and of the dictionary's frame, as little-endian numbers. */
  static final int MAGIC = 0xFD2FB528;

  static final int DICTIONARY_MAGIC = 0x184D2A5D;

  private static final int SKIPPABLE = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
  private static final int HEADER_BYTES = 8;
  private static final int MAGIC_BYTES = 4;
  private static final int MAX_DICTIONARY_BYTES = 64 * 1024 * 1024;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final ByteBuffer packed =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).flip();
  private final ByteBuffer unpacked = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
  private byte @Nullable [] dictionary;
  private long consumedBytes;
  private long frameStart;
  private boolean inFrame;
  private boolean damaged;

  ZstdFrames(InputStream in) throws IOException {
    this.in = in;
    if (available(HEADER_BYTES) && packed.getInt(packed.position()) == DICTIONARY_MAGIC) {
      byte[] dictionary = skippable();
      boolean isPacked =
          dictionary.length > MAGIC_BYTES
              && ByteBuffer.wrap(dictionary).order(ByteOrder.LITTLE_ENDIAN).getInt() == MAGIC;
      this.dictionary = isPacked ? unpackedDictionary(dictionary) : dictionary;
      context.loadDict(this.dictionary);
    }
  }

  private static byte[] unpackedDictionary(byte[] dictionary) throws IOException {
    long length = Zstd.decompressedSize(dictionary);
    if (length <= 0 || length > MAX_DICTIONARY_BYTES) {
      throw DamagedRecord.at("its zstd dictionary does not state a length of at most 64 MiB");
    }
    try {
      return Zstd.decompress(dictionary, (int) length);
    } catch (ZstdException e) {
      throw DamagedRecord.at("its zstd dictionary is damaged (" + e.getMessage() + ")");
    }
  }

  @Override
  public long memberStart() {
    return frameStart;
  }

  @Override
  public boolean isDamaged() {
    return damaged;
  }

  @Override
  public void skipToNextMember() throws IOException {
    damaged = false;
    inFrame = false;
    unpacked.limit(0);
    context.reset(); // it forgets the dictionary too
    if (dictionary != null) {
      context.loadDict(dictionary);
    }
    if (consumedBytes == frameStart && available(1)) {
      consume(1); // the damaged frame itself
    }
    while (available(MAGIC_BYTES)) {
      if (packed.getInt(packed.position()) == MAGIC) {
        return;
      }
      consume(1);
    }
    consume(packed.remaining());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!unpacked.hasRemaining()) {
      if (!inFrame && !begin()) {
        return -1;
      }
      unpack();
    }
    int count = Math.min(length, unpacked.remaining());
    unpacked.get(target, offset, count);
    return count;
  }

  /** Moves to the next frame with data; false at the end of the object. */
  private boolean begin() throws IOException {
    while (available(1)) {
      frameStart = consumedBytes;
      if (!available(MAGIC_BYTES)) {
        throw endsEarly();
      }
      int magic = packed.getInt(packed.position());
      if (magic == MAGIC) {
        inFrame = true;
        return true;
      }
      if ((magic & SKIPPABLE_MASK) != SKIPPABLE) {
        throw damaged("no zstd frame begins here");
      }
      if (!available(HEADER_BYTES)) {
        throw endsEarly();
      }
      long left = HEADER_BYTES + (packed.getInt(packed.position() + MAGIC_BYTES) & 0xffffffffL);
      while (left > 0) {
        if (!available(1)) {
          throw endsEarly();
        }
        int count = (int) Math.min(left, packed.remaining());
        consume(count);
        left -= count;
      }
    }
    return false;
  }

  private byte[] skippable() throws IOException {
    long length = packed.getInt(packed.position() + MAGIC_BYTES) & 0xffffffffL;
    if (length > MAX_DICTIONARY_BYTES) {
      throw DamagedRecord.at("its zstd dictionary has more than 64 MiB");
    }
    consume(HEADER_BYTES);
    byte[] content = new byte[(int) length];
    int filled = 0;
    while (filled < content.length) {
      if (!available(1)) {
        throw endsEarly();
      }
      int count = Math.min(content.length - filled, packed.remaining());
      packed.get(packed.position(), content, filled, count);
      consume(count);
      filled += count;
    }
    return content;
  }

  private void unpack() throws IOException {
    if (!available(1)) {
      throw endsEarly();
    }
    unpacked.clear();
    int before = packed.position();
    try {
      inFrame = !context.decompressDirectByteBufferStream(unpacked, packed);
    } catch (ZstdException e) {
      unpacked.position(0);
      throw damaged(String.valueOf(e.getMessage()));
    } finally {
      consumedBytes += packed.position() - before;
      unpacked.flip();
    }
  }

  private void consume(int bytes) {
    packed.position(packed.position() + bytes);
    consumedBytes += bytes;
  }

  /** Makes {@code bytes} available; false when the object ends first. */
  private boolean available(int bytes) throws IOException {
    while (packed.remaining() < bytes) {
      byte[] more = new byte[BUFFER_BYTES - packed.remaining()];
      int count = in.read(more, 0, more.length);
      if (count < 0) {
        return false;
      }
      packed.compact();
      packed.put(more, 0, count);
      packed.flip();
    }
    return true;
  }

  private DamagedRecord endsEarly() {
    damaged = true;
    return DamagedRecord.at(
        "the zstd frame that begins at byte %s ends early, at byte %s"
            .formatted(frameStart, consumedBytes));
  }

  private DamagedRecord damaged(String why) {
    damaged = true;
    return DamagedRecord.at(
        "the zstd frame that begins at byte %s is damaged near byte %s (%s)"
            .formatted(frameStart, consumedBytes, why));
  }

  @Override
  public void close() throws IOException {
    context.close();
    in.close();
  }
}
