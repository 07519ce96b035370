// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Bytes to store, of known length, which can be read again when a request is retried. The factories
 * do not copy: the caller leaves arrays, buffers and files alone until the request has ended.
 */
@Evolving
public interface ObjectContent {

  /** Exactly how many bytes {@link #open} delivers. */
  long lengthBytes();

  /** A new stream from the first byte; called once for each attempt. The caller closes it. */
  InputStream open() throws IOException;

  /** The whole array. */
  static ObjectContent of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /** {@code length} bytes from {@code offset}. */
  static ObjectContent of(byte[] bytes, int offset, int length) {
    return of(ByteBuffer.wrap(bytes, offset, length));
  }

  /** The remaining bytes of the buffers in turn; their positions stay as they are. */
  static ObjectContent of(ByteBuffer... buffers) {
    List<ByteBuffer> views = List.of(buffers).stream().map(ByteBuffer::asReadOnlyBuffer).toList();
    long lengthBytes = views.stream().mapToLong(ByteBuffer::remaining).sum();
    return new ObjectContent() {
      @Override
      public long lengthBytes() {
        return lengthBytes;
      }

      @Override
      public InputStream open() {
        return views.isEmpty() ? new ByteArrayInputStream(new byte[0]) : new BufferStream(views);
      }
    };
  }

  /** The text in UTF-8. */
  static ObjectContent ofUtf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The file as it is now; it must not change until the request has ended. */
  static ObjectContent ofFile(Path file) throws IOException {
    long lengthBytes = Files.size(file);
    return new ObjectContent() {
      @Override
      public long lengthBytes() {
        return lengthBytes;
      }

      @Override
      public InputStream open() throws IOException {
        return Files.newInputStream(file);
      }
    };
  }
}
