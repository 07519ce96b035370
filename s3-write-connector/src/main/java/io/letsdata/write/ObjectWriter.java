// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.store.ObjectStore;
import io.letsdata.write.spark.OutputCounters;
import io.letsdata.write.spark.RowEncoder;
import io.letsdata.write.spark.RowEncoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one task attempt into objects. Without rows there is no object and no request.
 * Used by one thread.
 *
 * <p>After {@link #commit} the objects belong to the job: a late {@link #abort} leaves them alone.
 */
final class ObjectWriter implements DataWriter<InternalRow> {
  private final ObjectStore store;
  private final ObjectNames names;
  private final RowEncoding encoding;
  private final long maxRowsPerObject;
  private final List<TaskObject> written = new ArrayList<>();
  private @Nullable Part part;
  private boolean committed;

  ObjectWriter(ObjectStore store, ObjectNames names, RowEncoding encoding, long maxRowsPerObject) {
    this.store = store;
    this.names = names;
    this.encoding = encoding;
    this.maxRowsPerObject = maxRowsPerObject;
  }

  /** One object under way. */
  private static final class Part {
    final Sink sink;
    final RowEncoder encoder;
    long rows;

    Part(Sink sink, RowEncoder encoder) {
      this.sink = sink;
      this.encoder = encoder;
    }
  }

  /** Encodes a row; may store a part of the object (see {@link Sink}). */
  @Override
  public void write(InternalRow row) throws IOException {
    Part open = part;
    if (open != null && open.rows >= maxRowsPerObject) {
      finish(open);
      open = null;
    }
    if (open == null) {
      open = open();
      part = open;
    }
    open.encoder.write(row);
    open.rows++;
  }

  /** Stores what is left. One PUT for an object that fits a part. */
  @Override
  public TaskOutput commit() throws IOException {
    if (part != null) {
      finish(part);
    }
    OutputCounters.report(
        written.stream().mapToLong(TaskObject::lengthBytes).sum(),
        written.stream().mapToLong(TaskObject::rows).sum());
    committed = true;
    return new TaskOutput(names.partition(), written);
  }

  /**
   * Gives up the object under way and deletes those that were stored; does nothing after a commit.
   */
  @Override
  public void abort() throws IOException {
    if (committed) {
      return;
    }
    List<TaskObject> stored = List.copyOf(written);
    written.clear();
    try {
      discardPart();
    } finally {
      Discards.all(store, stored);
    }
  }

  /** Releases the encoder if neither commit nor abort did. */
  @Override
  public void close() throws IOException {
    discardPart();
  }

  private Part open() throws IOException {
    Sink sink = new Sink(store, names.location(written.size()), names.layout());
    return new Part(sink, encoding.open(sink, names.partition(), names.taskId()));
  }

  private void finish(Part open) throws IOException {
    open.encoder.close();
    written.add(open.sink.result(open.rows));
    part = null;
  }

  private void discardPart() throws IOException {
    Part open = part;
    part = null;
    if (open == null) {
      return;
    }
    try {
      open.sink.discard();
    } finally {
      // Encoders hold codecs and a share of the memory; the sink drops what they still write.
      closeQuietly(open.encoder);
    }
  }

  private static void closeQuietly(RowEncoder encoder) {
    try {
      encoder.close();
    } catch (Exception e) {
      // An encoder that failed may fail again when closed; its first failure is what the task
      // reports.
    }
  }
}
