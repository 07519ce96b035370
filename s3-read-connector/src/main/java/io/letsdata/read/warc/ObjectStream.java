// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import io.letsdata.options.Internal;
import io.letsdata.store.BodyTruncated;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole object as one stream: one GET. Or an object from a byte on, of which the reader needs the
 * bytes up to another and a few more: one GET up to there, and others as it goes on. After a body
 * breaks off, another GET continues from there, of the same version of the object. Fails when
 * {@value #MAX_BREAKS_IN_A_ROW} bodies in a row deliver no byte. Not thread-safe.
 */
@Internal
public final class ObjectStream extends InputStream {
  private static final int MAX_BREAKS_IN_A_ROW = 3;
  private static final long UNKNOWN = Long.MAX_VALUE;

  /** Read at once behind the expected end: the rest of a record usually. */
  private static final long BEHIND_BYTES = 256 * 1024;

  private final ObjectStore store;
  private final ObjectLocation location;
  private Optional<String> etag;
  private @Nullable ObjectBody body;
  private long position;
  private long lengthBytes = UNKNOWN;
  private int breaks;
  private final long expectedEnd;

  /**
   * Makes no request yet.
   *
   * @param etag of the required version; when empty, the version of the first GET
   */
  public ObjectStream(ObjectStore store, ObjectLocation location, Optional<String> etag) {
    this(store, location, etag, 0, Long.MAX_VALUE);
  }

  /**
   * Makes no request yet.
   *
   * @param startByte the first byte of the stream
   * @param expectedEnd where the reader is expected to stop, exclusive; the stream goes on
   */
  public ObjectStream(
      ObjectStore store,
      ObjectLocation location,
      Optional<String> etag,
      long startByte,
      long expectedEnd) {
    this.store = store;
    this.location = location;
    this.etag = etag;
    this.position = startByte;
    this.expectedEnd = expectedEnd;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0; // a body gives 0 too, which is not its end
    }
    while (position < lengthBytes) {
      ObjectBody open = body == null ? open() : body;
      try {
        int count = open.read(target, offset, length);
        if (count > 0) {
          position += count;
          breaks = 0;
          return count;
        }
        close(); // the end of a range, not of the object
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

  private ObjectBody open() throws IOException {
    ObjectBody opened =
        position == 0 && expectedEnd == Long.MAX_VALUE
            ? store.openAll(location, etag)
            : store.open(location, new ByteRange(position, rangeEnd()), etag);
    etag = Optional.of(opened.stat().etag());
    lengthBytes = opened.stat().lengthBytes();
    body = opened;
    return opened;
  }

  private long rangeEnd() {
    return expectedEnd == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : Math.max(expectedEnd, position) + BEHIND_BYTES;
  }

  /** The version that is read; empty before the first read. No request. */
  public Optional<ObjectStat> stat() {
    return lengthBytes == UNKNOWN
        ? Optional.empty()
        : etag.map(tag -> new ObjectStat(lengthBytes, tag));
  }

  @Override
  public void close() throws IOException {
    if (body != null) {
      body.close();
      body = null;
    }
  }
}
