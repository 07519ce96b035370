// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * The bytes of one GET, exactly as many as were promised: a body that breaks off or runs over is a
 * {@link BodyTruncated}, never a silent end. The length is verified before the last bytes are
 * returned. Not thread-safe; the caller that opened it closes it. Closing drops the connection when
 * more than 64 KiB are unread.
 */
@Evolving
public final class ObjectBody extends InputStream {

  /** To read so few bytes is cheaper than to open another connection. */
  private static final long DRAIN_AT_MOST_BYTES = 64 * 1024;

  private final ObjectLocation location;
  private final ByteRange range;
  private final ObjectStat stat;
  private final InputStream source;
  private final Runnable abandon;
  private long remainingBytes;
  private boolean broken;
  private boolean closed;

  /**
   * @param range of the object that {@code source} must deliver
   * @param stat of the whole object, from the response of the body
   * @param abandon drops the connection instead of reading the rest; called at most once, before
   *     {@code source} is closed
   */
  public ObjectBody(
      ObjectLocation location,
      ByteRange range,
      ObjectStat stat,
      InputStream source,
      Runnable abandon) {
    this.location = location;
    this.range = range;
    this.stat = stat;
    this.source = source;
    this.abandon = abandon;
    this.remainingBytes = range.lengthBytes();
  }

  /** Length and etag of the whole object that this body is a part of. */
  public ObjectStat stat() {
    return stat;
  }

  /** The bytes that this body delivers: the requested range, cut at the object's end. */
  public ByteRange range() {
    return range;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (remainingBytes == 0) {
      return -1;
    }
    int count = readSource(target, offset, (int) Math.min(length, remainingBytes));
    if (count < 0) {
      throw truncated("the body ended", null);
    }
    remainingBytes -= count;
    if (remainingBytes == 0 && readSource(new byte[1], 0, 1) >= 0) {
      throw truncated("the body is longer than promised", null);
    }
    return count;
  }

  private int readSource(byte[] target, int offset, int length) throws IOException {
    try {
      return source.read(target, offset, length);
    } catch (java.io.InterruptedIOException interrupted) {
      if (!(interrupted instanceof java.net.SocketTimeoutException)) {
        throw interrupted;
      }
      throw truncated("no byte arrived in time", interrupted);
    } catch (StoreException failure) { // of a store around another one
      throw failure;
    } catch (IOException broken) {
      throw truncated("the body broke off (" + broken.getMessage() + ")", broken);
    }
  }

  private BodyTruncated truncated(String why, @org.jspecify.annotations.Nullable Throwable cause) {
    broken = true;
    long read = range.lengthBytes() - remainingBytes;
    return new BodyTruncated(
        "Cannot read %s %s: %s after %s of %s bytes. Read it again."
            .formatted(location, range, why, read, range.lengthBytes()),
        cause);
  }

  /**
   * More than 0 until the end: GZIPInputStream takes 0 for the end and would drop all further gzip
   * members.
   */
  @Override
  public int available() throws IOException {
    return remainingBytes == 0
        ? 0
        : (int) Math.min(remainingBytes, Math.max(1, source.available()));
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (broken || remainingBytes > DRAIN_AT_MOST_BYTES) {
      abandon.run();
    }
    source.close();
  }
}
