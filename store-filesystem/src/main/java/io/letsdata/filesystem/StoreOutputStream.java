// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.StreamCapabilities;
import org.jspecify.annotations.Nullable;

/**
 * Writes one object, which exists from {@link #close} on, whole or not at all: one PUT when all
 * fits into a part, else an upload in parts. Holds one part in memory and writes it in the caller's
 * thread.
 *
 * <p>{@link #abort}, or any failed write, makes sure that nothing is published: closing afterwards
 * only cleans up, and throws if it was the store that failed. Thread-safe like every Hadoop stream.
 */
final class StoreOutputStream extends OutputStream implements Abortable, StreamCapabilities {

  /** 10,000 parts of it are 80 GB; uploads need 5 MiB at least. */
  static final int PART_BYTES = 8 * 1024 * 1024;

  private static final int FIRST_BUFFER_BYTES = 64 * 1024;

  /** What to do when an object is there already. */
  enum Existing {
    REPLACE,
    KEEP_AND_FAIL
  }

  private final ObjectStore store;
  private final ObjectLocation location;
  private final Existing existing;

  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int bufferedBytes;
  private @Nullable MultipartUpload upload;
  private int parts;
  private @Nullable IOException failure;
  private boolean aborted;
  private boolean closed;

  StoreOutputStream(ObjectStore store, ObjectLocation location, Existing existing) {
    this.store = store;
    this.location = location;
    this.existing = existing;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    checkWritable();
    for (int done = 0; done < length; ) {
      if (bufferedBytes == PART_BYTES) {
        storePart();
      }
      int count = Math.min(length - done, PART_BYTES - bufferedBytes);
      ensureRoom(count);
      System.arraycopy(source, offset + done, buffer, bufferedBytes, count);
      bufferedBytes += count;
      done += count;
    }
  }

  private void ensureRoom(int count) {
    int needed = bufferedBytes + count;
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(PART_BYTES, Math.max(needed, 2 * buffer.length)));
    }
  }

  private void storePart() throws IOException {
    try {
      if (upload == null) {
        upload = store.startMultipart(location);
      }
      parts++;
      upload.uploadPart(parts, ObjectContent.of(buffer, 0, bufferedBytes));
      bufferedBytes = 0;
    } catch (IOException | RuntimeException e) {
      failure = e instanceof IOException io ? io : new IOException(e);
      throw e;
    }
  }

  /** Nothing: an object has no readers before it is closed. */
  @Override
  public void flush() {}

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (aborted || failure != null) {
        abortUpload(failure);
      } else {
        publish();
      }
    } finally {
      buffer = new byte[0];
    }
    if (failure != null && !aborted) {
      throw new IOException(
          "Cannot write " + location + ": a write before had failed. Nothing was published.",
          failure);
    }
  }

  private void publish() throws IOException {
    try {
      if (upload == null) {
        publishWhole(ObjectContent.of(buffer, 0, bufferedBytes));
      } else {
        storePart();
        publishParts(upload);
      }
    } catch (IOException | RuntimeException e) {
      // Of an unknown outcome too: an upload that was completed is not undone by aborting it.
      abortUpload(e);
      throw e;
    }
  }

  private void publishWhole(ObjectContent content) throws IOException {
    if (existing == Existing.REPLACE) {
      store.put(location, content);
    } else if (!store.putIfAbsent(location, content)) {
      throw alreadyThere();
    }
  }

  private void publishParts(MultipartUpload parts) throws IOException {
    if (existing == Existing.REPLACE) {
      parts.complete();
    } else if (!parts.completeIfAbsent()) {
      throw alreadyThere();
    }
  }

  private FileAlreadyExistsException alreadyThere() {
    return new FileAlreadyExistsException(
        "Cannot write " + location + ": there is an object already. Write to a new key.");
  }

  private void abortUpload(@Nullable Throwable reason) throws IOException {
    if (upload == null) {
      return;
    }
    try {
      upload.abort();
    } catch (IOException e) {
      if (reason == null) {
        throw e;
      }
      reason.addSuppressed(e);
    }
  }

  /**
   * Gives the object up and closes the stream; nothing is published. One DELETE if parts were
   * stored.
   */
  @Override
  public synchronized AbortableResult abort() {
    boolean alreadyClosed = closed;
    @Nullable IOException cleanup = null;
    aborted = true;
    try {
      close();
    } catch (IOException e) {
      cleanup = e;
    }
    return new Result(alreadyClosed, cleanup);
  }

  private static final class Result implements AbortableResult {

    private final boolean alreadyClosed;
    private final @Nullable IOException cleanup;

    Result(boolean alreadyClosed, @Nullable IOException cleanup) {
      this.alreadyClosed = alreadyClosed;
      this.cleanup = cleanup;
    }

    @Override
    public boolean alreadyClosed() {
      return alreadyClosed;
    }

    @Override
    public @Nullable IOException anyCleanupException() {
      return cleanup;
    }
  }

  @Override
  public boolean hasCapability(String capability) {
    return capability.equals(StreamCapabilities.ABORTABLE_STREAM);
  }

  private void checkWritable() throws IOException {
    if (closed) {
      throw new IOException("Cannot write " + location + ": the stream is closed.");
    }
    if (failure != null) {
      throw new IOException("Cannot write " + location + ": a write before had failed.", failure);
    }
  }
}
