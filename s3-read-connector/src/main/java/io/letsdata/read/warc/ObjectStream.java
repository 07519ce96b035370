// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import io.letsdata.options.Internal;
import io.letsdata.store.BodyTruncated;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A whole object as one stream: one GET. After a body breaks off, another GET continues from there,
 * of the same version of the object. Fails when {@value #MAX_BREAKS_IN_A_ROW} bodies in a row
 * deliver no byte. Not thread-safe.
 */
@Internal
public final class ObjectStream extends InputStream {
  private static final int MAX_BREAKS_IN_A_ROW = 3;
  private static final long UNKNOWN = Long.MAX_VALUE;

  private final ObjectStore store;
  private final ObjectLocation location;
  private Optional<String> etag;
  private @Nullable ObjectBody body;
  private long position;
  private long lengthBytes = UNKNOWN;
  private int breaks;

  /**
   * Makes no request yet.
   *
   * @param etag of the required version; when empty, the version of the first GET
   */
  public ObjectStream(ObjectStore store, ObjectLocation location, Optional<String> etag) {
    this.store = store;
    this.location = location;
    this.etag = etag;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (position < lengthBytes) {
      ObjectBody open = body == null ? open() : body;
      try {
        int count = open.read(target, offset, length);
        position += Math.max(0, count);
        breaks = count > 0 ? 0 : breaks;
        return count;
      } catch (BodyTruncated e) {
        close();
        breaks++;
        if (breaks >= MAX_BREAKS_IN_A_ROW) {
          throw e;
        }
      }
    }
    return -1;
  }

  /** The length of the object; empty before the first read. No request. */
  public OptionalLong lengthBytes() {
    return lengthBytes == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(lengthBytes);
  }

  private ObjectBody open() throws IOException {
    ObjectBody opened =
        position == 0
            ? store.openAll(location, etag)
            : store.open(location, new ByteRange(position, Long.MAX_VALUE), etag);
    etag = Optional.of(opened.stat().etag());
    lengthBytes = opened.stat().lengthBytes();
    body = opened;
    return opened;
  }

  @Override
  public void close() throws IOException {
    if (body != null) {
      body.close();
      body = null;
    }
  }
}
