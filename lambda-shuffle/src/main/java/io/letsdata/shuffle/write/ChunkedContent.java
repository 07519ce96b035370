// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.store.ObjectContent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Contents one after the other, of which one is open at a time. Immutable, as those are. */
final class ChunkedContent implements ObjectContent {
  private final List<ObjectContent> contents;
  private final long lengthBytes;

  private ChunkedContent(List<ObjectContent> contents) {
    this.contents = contents;
    this.lengthBytes = contents.stream().mapToLong(ObjectContent::lengthBytes).sum();
  }

  /** The bytes {@code [start, start + bytes)} of {@code chunks}, and {@code tail}. */
  static ObjectContent of(List<Chunk> chunks, long start, long bytes, byte[] tail) {
    List<ObjectContent> contents = new ArrayList<>();
    long chunkStart = 0;
    for (Chunk chunk : chunks) {
      long from = Math.max(start, chunkStart);
      chunkStart += chunk.lengthBytes();
      long until = Math.min(start + bytes, chunkStart);
      if (from < until) {
        long inChunk = from - (chunkStart - chunk.lengthBytes());
        contents.add(chunk.range(inChunk, until - from));
      }
    }
    contents.add(ObjectContent.of(tail));
    return new ChunkedContent(contents);
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public InputStream open() {
    return new ChunkedStream(contents.iterator());
  }

  private static final class ChunkedStream extends InputStream {
    private final Iterator<ObjectContent> left;
    private @Nullable InputStream current;

    ChunkedStream(Iterator<ObjectContent> left) {
      this.left = left;
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
      while (current != null || left.hasNext()) {
        if (current == null) {
          current = left.next().open();
        }
        int count = current.read(target, offset, length);
        if (count > 0) {
          return count;
        }
        close();
      }
      return -1;
    }

    @Override
    public void close() throws IOException {
      if (current != null) {
        current.close();
        current = null;
      }
    }
  }
}
