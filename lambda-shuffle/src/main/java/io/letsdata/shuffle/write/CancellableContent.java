// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.store.ObjectContent;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/**
 * Content whose request can be cancelled: its streams then fail with their next read, which breaks
 * the request off. Immutable.
 */
record CancellableContent(ObjectContent content, BooleanSupplier cancelled)
    implements ObjectContent {
  @Override
  public long lengthBytes() {
    return content.lengthBytes();
  }

  @Override
  public InputStream open() throws IOException {
    requireWanted();
    return new FilterInputStream(content.open()) {
      @Override
      public int read() throws IOException {
        requireWanted();
        return super.read();
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        requireWanted();
        return super.read(target, offset, length);
      }
    };
  }

  private void requireWanted() throws IOException {
    if (cancelled.getAsBoolean()) {
      throw new IOException("Cannot send a shuffle output: it is not wanted any more.");
    }
  }
}
