// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.ObjectContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/** Gives the SDK a stream for each attempt, and closes the streams, which the SDK does not do. */
final class ReplayedContent implements ContentStreamProvider, AutoCloseable {

  private final ObjectContent content;
  private @Nullable InputStream current;

  ReplayedContent(ObjectContent content) {
    this.content = content;
  }

  RequestBody body() {
    return RequestBody.fromContentProvider(this, content.lengthBytes(), "application/octet-stream");
  }

  @Override
  public InputStream newStream() {
    try {
      close();
      InputStream opened = content.open();
      current = opened;
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
