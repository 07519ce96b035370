// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

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
 * Stores what is written to it as one object: one PUT up to {@link #PART_BYTES}, an upload in parts
 * beyond. Holds at most one part in memory.
 *
 * <p>{@link #close} stores the object, and only if nothing failed before: an object is whole or it
 * is not there. Encoders close their streams on failure too, so after a failed write or {@link
 * #discard} a close stores nothing. Used by one thread.
 */
final class Sink extends OutputStream {
  /** 32 MiB: an output of 10 MB a task is one request a task, and 10,000 parts are 312 GiB. */
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

  /** The request that makes the object visible under its key was sent, so it may be there. */
  private boolean finishing;

  private @Nullable ObjectStat stored;

  Sink(ObjectStore store, ObjectLocation location, Layout layout) {
    this(store, location, layout, PART_BYTES);
  }

  Sink(ObjectStore store, ObjectLocation location, Layout layout, int partBytes) {
    this.store = store;
    this.location = location;
    this.layout = layout;
    this.buffer = new PartBuffer(partBytes);
  }

  ObjectLocation location() {
    return location;
  }

  /**
   * What {@link #close} made of the bytes.
   *
   * @param rows that were encoded into them
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

  /** Takes bytes; a full part is one PUT, the first one POST more. */
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
   * uploads what is left and leaves the completion to the job. Later calls do nothing.
   */
  @Override
  public void close() throws IOException {
    if (state == State.OPEN) {
      finish();
    }
  }

  /**
   * Gives the object up and deletes what is stored of it. At most two DELETEs. Later writes are
   * dropped.
   */
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
      // The key is ours alone, so an object of the right length there is this upload.
      return store
          .stat(location)
          .filter(stat -> stat.lengthBytes() == uploadedBytes)
          .orElseThrow(() -> e);
    }
  }
}
