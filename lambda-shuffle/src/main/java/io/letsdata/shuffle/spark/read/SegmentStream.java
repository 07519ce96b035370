// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.read;

import io.letsdata.shuffle.spark.context.Rethrow;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A segment's bytes on their way into Spark's codecs, some of which wrap an IOException or treat it
 * as the end; a lost output must pass through them as a FetchFailedException. Not thread-safe.
 */
final class SegmentStream extends FilterInputStream {
  private final FetchFailures failures;

  SegmentStream(InputStream body, FetchFailures failures) {
    super(body);
    this.failures = failures;
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw Rethrow.raise(failures.translate(e));
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return super.read(target, offset, length);
    } catch (IOException e) {
      throw Rethrow.raise(failures.translate(e));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      super.close();
    } catch (IOException e) {
      throw Rethrow.raise(failures.translate(e));
    }
  }
}
