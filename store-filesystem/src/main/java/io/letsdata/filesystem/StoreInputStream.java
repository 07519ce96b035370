// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.BodyTruncated;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectStat;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.hadoop.fs.CanUnbuffer;
import org.apache.hadoop.fs.FSExceptionMessages;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileRange;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.jspecify.annotations.Nullable;

/**
 * Reads one version of an object with few requests ({@link ReadWindow} decides how many). {@code
 * open} and {@code seek} need none. Holds at most one connection and one block of at most {@link
 * ReadWindow#SMALL_OBJECT_BYTES}. After a body breaks off, another GET continues from there.
 *
 * <p>Thread-safe like every Hadoop stream: calls wait for each other.
 */
final class StoreInputStream extends FSInputStream implements CanUnbuffer, StreamCapabilities {

  /** To skip a gap of this size within a body is cheaper than another request. */
  static final long MAX_SKIPPED_BYTES = 512 * 1024;

  private final PinnedObject object;
  private final TailCache tails;
  private final FileSystem.@Nullable Statistics statistics;
  private final ReadWindow window = new ReadWindow();

  private long position;
  private @Nullable ObjectBody body;
  private long bodyPosition;
  private @Nullable CachedBlock block;
  private boolean closed;

  StoreInputStream(
      PinnedObject object, TailCache tails, FileSystem.@Nullable Statistics statistics) {
    this.object = object;
    this.tails = tails;
    this.statistics = statistics;
  }

  @Override
  public synchronized void seek(long target) throws IOException {
    checkOpen();
    if (target < 0) {
      throw new EOFException(FSExceptionMessages.NEGATIVE_SEEK + " " + target);
    }
    Optional<ObjectStat> stat = object.known();
    if (stat.isPresent() && target > stat.get().lengthBytes()) {
      throw new EOFException(
          "Cannot seek to %s in %s: it has %s bytes."
              .formatted(target, object.location(), stat.get().lengthBytes()));
    }
    position = target;
  }

  @Override
  public synchronized long getPos() {
    return position;
  }

  @Override
  public boolean seekToNewSource(long target) {
    return false;
  }

  /**
   * More than 0 until the end: GZIPInputStream takes 0 for the end and would drop all further gzip
   * members.
   */
  @Override
  public synchronized int available() throws IOException {
    checkOpen();
    long left = object.known().map(ObjectStat::lengthBytes).orElse(position + 1) - position;
    return (int) Math.min(Math.max(left, 0), Integer.MAX_VALUE);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] target, int offset, int length) throws IOException {
    checkOpen();
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    boolean brokeOff = false;
    for (int broken = 0; ; ) {
      try {
        if (brokeOff) {
          openRest();
        }
        return counted(readOnce(target, offset, length));
      } catch (BodyTruncated e) {
        broken++;
        if (broken > PinnedObject.MAX_BROKEN_BODIES) {
          throw e;
        }
        brokeOff = true;
      }
    }
  }

  private int readOnce(byte[] target, int offset, int length) throws IOException {
    if (block == null || !block.contains(position)) {
      if (!bodyReaches()) {
        if (atEnd()) {
          return -1;
        }
        fetch(length);
      }
    }
    int count;
    if (block != null && block.contains(position)) {
      count = block.copy(position, target, offset, length);
    } else {
      count = bodyAtPosition().read(target, offset, length);
      bodyPosition += Math.max(count, 0);
    }
    position += Math.max(count, 0);
    return count;
  }

  private boolean atEnd() throws IOException {
    // When an object of unknown length is read from its beginning, the GET returns the length.
    return (object.known().isPresent() || position > 0) && position >= object.stat().lengthBytes();
  }

  private boolean bodyReaches() {
    return body != null
        && position >= bodyPosition
        && position < body.range().end()
        && position - bodyPosition <= MAX_SKIPPED_BYTES;
  }

  private ObjectBody bodyAtPosition() throws IOException {
    ObjectBody open = Objects.requireNonNull(body);
    long gapBytes = position - bodyPosition;
    open.skipNBytes(gapBytes);
    bodyPosition += gapBytes;
    return open;
  }

  /**
   * Gets bytes at the position, which is before the end: into the block, or as a body that begins
   * there.
   */
  private void fetch(int wantedBytes) throws IOException {
    closeBody();
    if (object.known().isEmpty() && position == 0) {
      use(object.openAll(), 0);
      return;
    }
    ObjectStat stat = object.stat();
    if (block == null) {
      block = tails.find(object.location(), stat).orElse(null);
    }
    ByteRange kept = ReadWindow.block(position, stat.lengthBytes());
    if (block != null && block.contains(position)) {
      window.recordOtherRead();
    } else if (kept.lengthBytes() > 0) {
      CachedBlock fetched = object.readOnce(kept);
      tails.keep(object.location(), stat, fetched);
      block = fetched;
      window.recordOtherRead();
    } else {
      boolean tailInMemory = block != null && block.start() > position;
      long end = tailInMemory ? Objects.requireNonNull(block).start() : stat.lengthBytes();
      use(object.open(window.stream(position, wantedBytes, end)), position);
    }
  }

  private void use(ObjectBody opened, long start) {
    body = opened;
    bodyPosition = start;
  }

  /**
   * Opens the rest of the broken body. A GET that failed before its body is repeated by the caller.
   */
  private void openRest() throws IOException {
    ObjectBody old = body;
    closeBody();
    if (old != null) {
      use(object.open(new ByteRange(position, old.range().end())), position);
    }
  }

  /** Leaves the position of the stream; one GET unless the block has the bytes. */
  @Override
  public int read(long from, byte[] target, int offset, int length) throws IOException {
    checkOpen();
    validatePositionedReadArgs(from, target, offset, length);
    if (length == 0) {
      return 0;
    }
    long lengthBytes = object.stat().lengthBytes();
    if (from >= lengthBytes) {
      return -1;
    }
    Optional<CachedBlock> held = heldBlock(from);
    if (held.isPresent()) {
      return counted(held.get().copy(from, target, offset, length));
    }
    int count = (int) Math.min(length, lengthBytes - from);
    CachedBlock read = object.read(ByteRange.ofLength(from, count));
    return counted(read.copy(from, target, offset, count));
  }

  private synchronized Optional<CachedBlock> heldBlock(long from) {
    return Optional.ofNullable(block).filter(held -> held.contains(from));
  }

  /**
   * Reads ranges in the caller's thread, and neighbours together; one GET per group ({@link
   * VectoredReads}).
   */
  @Override
  public void readVectored(List<? extends FileRange> ranges, IntFunction<ByteBuffer> allocate)
      throws IOException {
    checkOpen();
    counted(new VectoredReads(object).read(ranges, allocate));
  }

  private int counted(int count) {
    if (statistics != null && count > 0) {
      statistics.incrementBytesRead(count);
    }
    return count;
  }

  @Override
  public boolean hasCapability(String capability) {
    return capability.equals(StreamCapabilities.UNBUFFER)
        || capability.equals(StreamCapabilities.VECTOREDIO);
  }

  /** Releases connection and memory; the next read sends a request. */
  @Override
  public synchronized void unbuffer() {
    try {
      closeBody();
    } catch (IOException e) {
      // The rest of the body is not needed, and the interface allows no exception.
      body = null;
    }
    block = null;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    block = null;
    closeBody();
  }

  private void closeBody() throws IOException {
    ObjectBody old = body;
    body = null;
    if (old != null) {
      old.close();
    }
  }

  private synchronized void checkOpen() throws IOException {
    if (closed) {
      throw new IOException(
          "Cannot read " + object.location() + ": " + FSExceptionMessages.STREAM_IS_CLOSED);
    }
  }
}
