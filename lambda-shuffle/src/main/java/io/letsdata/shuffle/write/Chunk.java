// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.store.ObjectContent;
import java.nio.file.Path;

/** Some consecutive bytes of a map output, in memory or in a file. Immutable. */
interface Chunk {
  long lengthBytes();

  /** So many bytes from {@code start} within it. */
  ObjectContent range(long start, long bytes);

  /** The array's first bytes, which are not copied and must not change. */
  static Chunk ofMemory(byte[] array, int lengthBytes) {
    return new InMemory(array, lengthBytes);
  }

  /** So many bytes from {@code start} of a file. */
  static Chunk ofFile(Path file, long start, long lengthBytes) {
    return new InFile(file, start, lengthBytes);
  }

  /** See {@link #ofMemory}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record InMemory(byte[] array, int length) implements Chunk {
    @Override
    public long lengthBytes() {
      return length;
    }

    @Override
    public ObjectContent range(long start, long bytes) {
      return ObjectContent.of(array, (int) start, (int) bytes);
    }
  }

  /** See {@link #ofFile}. */
  record InFile(Path file, long from, long lengthBytes) implements Chunk {
    @Override
    public ObjectContent range(long start, long bytes) {
      return new FileContent(file, from + start, bytes);
    }
  }
}
