// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A local file that only grows, made when its first byte comes. Used by one thread, which deletes
 * it; ranges may be read by others once they are {@linkplain #flush flushed}.
 */
final class SpillFile {
  private static final int BUFFER_BYTES = 64 << 10;

  private final Supplier<Path> place;
  private @Nullable Path path;
  private @Nullable OutputStream out;
  private long lengthBytes;

  SpillFile(Supplier<Path> place) {
    this.place = place;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  void append(byte[] bytes, int length) throws IOException {
    OutputStream opened = out;
    if (opened == null) {
      Path chosen = place.get();
      opened = new BufferedOutputStream(Files.newOutputStream(chosen), BUFFER_BYTES);
      out = opened;
      path = chosen;
    }
    opened.write(bytes, 0, length);
    lengthBytes += length;
  }

  /** From {@code start} to what is now the end. */
  Chunk since(long start) {
    Path appended = path;
    if (appended == null) {
      throw new IllegalStateException("no range of a file without a byte");
    }
    return Chunk.ofFile(appended, start, lengthBytes - start);
  }

  void flush() throws IOException {
    if (out != null) {
      out.flush();
    }
  }

  /** Harmless when there is no file, or when repeated. */
  void delete() throws IOException {
    OutputStream opened = out;
    Path written = path;
    out = null;
    path = null;
    if (opened != null && written != null) {
      try {
        opened.close();
      } finally {
        boolean unusedExisted = Files.deleteIfExists(written);
      }
    }
  }
}
