// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Layout;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores the written bytes as one object: one PUT up to {@link #PART_BYTES}, an upload in parts
 * beyond that. Holds at most one part in memory.
 *
 * <p>{@link #close} stores the object if nothing failed before: an object is whole or does not
 * exist. Encoders close their streams after a failure too, so {@code close} stores nothing after a
 * failed write or {@link #discard}. Used by one thread.
 */
final class ObjectSink extends OutputStream {
  /** 32 MiB: a task with 10 MB of output needs one request, and 10,000 parts are 312 GiB. */
  static final int PART_BYTES = 32 << 20;

  private enum State {
    OPEN,
    STORED,
    /** A request failed: nothing more is stored. */
    FAILED,
    DISCARDED
  }

  private final ObjectStore store;
  private final ObjectLocation location;
  private final Layout layout;
  private final PartBuffer buffer;
  private State state = State.OPEN;
  private @Nullable MultipartUpload upload;
  private int parts;
  private long uploadedBytes;

  /** Whether a request was sent that makes the object visible, so that it may exist. */
  private boolean finishing;

  private @Nullable ObjectStat stored;

  ObjectSink(ObjectStore store, ObjectLocation location, Layout layout) {
    this(store, location, layout, PART_BYTES);
  }

  ObjectSink(ObjectStore store, ObjectLocation location, Layout layout, int partBytes) {
    this.store = store;
    this.location = location;
    this.layout = layout;
    this.buffer = new PartBuffer(partBytes);
  }

  ObjectLocation location() {
    return location;
  }

  /**
   * The object that {@link #close} stored or uploaded.
   *
   * @param rows number of encoded rows
   * @throws IllegalStateException when the sink was not closed, or closing it failed
   */
  TaskObject result(long rows) {
    if (state == State.STORED && stored != null) {
      return new WrittenObject(location, stored.lengthBytes(), stored.etag(), rows);
    }
    if (state == State.STORED && upload != null) {
      return new PendingObject(upload.handle(), uploadedBytes, rows);
    }
    throw new IllegalStateException("The stream of " + location + " is " + state + ".");
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** Adds bytes. A full part costs one PUT, and the first part one POST more. */
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (state == State.DISCARDED) {
      return;
    }
    if (state != State.OPEN) {
      throw new IOException("Cannot write to " + location + ": it is " + state + ".");
    }
    int from = offset;
    int end = offset + length;
    while (from < end) {
      if (buffer.isFull()) {
        uploadPart();
      }
      from += buffer.add(bytes, from, end - from);
    }
  }

  /**
   * Stores the object: one PUT, or one PUT and one POST when in parts. In the plain layout it
   * uploads the rest, and the job completes the upload. Later calls do nothing.
   */
  @Override
  public void close() throws IOException {
    if (state == State.OPEN) {
      finish();
    }
  }

  /** Deletes the object and its parts. At most two DELETEs. Later writes are ignored. */
  void discard() throws IOException {
    if (state == State.DISCARDED) {
      return;
    }
    state = State.DISCARDED;
    buffer.clear();
    try {
      if (upload != null && stored == null) {
        upload.abort();
      }
    } finally {
      if (finishing) {
        store.delete(List.of(location));
      }
    }
  }

  private void uploadPart() throws IOException {
    state = State.FAILED;
    if (upload == null) {
      upload = store.startMultipart(location);
    }
    ObjectContent part = buffer.content();
    upload.uploadPart(++parts, part);
    uploadedBytes += part.lengthBytes();
    buffer.clear();
    state = State.OPEN;
  }

  private void finish() throws IOException {
    if (!buffer.isEmpty() && (upload != null || layout == Layout.PLAIN)) {
      uploadPart();
    }
    state = State.FAILED;
    if (layout == Layout.MANIFEST) {
      store();
    }
    buffer.clear();
    state = State.STORED;
  }

  private void store() throws IOException {
    finishing = true;
    if (upload == null) {
      ObjectContent whole = buffer.content();
      stored = new ObjectStat(whole.lengthBytes(), store.put(location, whole));
    } else {
      stored = complete(upload);
    }
  }

  private ObjectStat complete(MultipartUpload started) throws IOException {
    try {
      return new ObjectStat(uploadedBytes, started.complete());
    } catch (OutcomeUnknown e) {
      // Only this upload uses the key, so an object of its length is its result.
      return store
          .stat(location)
          .filter(stat -> stat.lengthBytes() == uploadedBytes)
          .orElseThrow(() -> e);
    }
  }
}
