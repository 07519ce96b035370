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
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one task attempt into objects. Without rows there is no object and no request.
 * Used by one thread.
 *
 * <p>After {@link #commit} the objects belong to the job: a late {@link #abort} does not delete
 * them.
 */
final class ObjectWriter implements DataWriter<InternalRow> {
  private final ObjectStore store;
  private final ObjectNames names;
  private final RowEncoding encoding;
  private final long maxRowsPerObject;
  private final List<TaskObject> written = new ArrayList<>();
  private @Nullable OpenObject current;
  private boolean committed;

  ObjectWriter(ObjectStore store, ObjectNames names, RowEncoding encoding, long maxRowsPerObject) {
    this.store = store;
    this.names = names;
    this.encoding = encoding;
    this.maxRowsPerObject = maxRowsPerObject;
  }

  /** The object that is being written. */
  private static final class OpenObject {
    final ObjectSink sink;
    final RowEncoder encoder;
    long rows;

    OpenObject(ObjectSink sink, RowEncoder encoder) {
      this.sink = sink;
      this.encoder = encoder;
    }
  }

  /** Encodes a row; may upload a part of the object (see {@link ObjectSink}). */
  @Override
  public void write(InternalRow row) throws IOException {
    OpenObject open = current;
    if (open != null && open.rows >= maxRowsPerObject) {
      finish(open);
      open = null;
    }
    if (open == null) {
      open = open();
      current = open;
    }
    open.encoder.write(row);
    open.rows++;
  }

  /** Stores the rest. One PUT for an object that fits in one part. */
  @Override
  public WriterCommitMessage commit() throws IOException {
    if (current != null) {
      finish(current);
    }
    OutputCounters.report(
        written.stream().mapToLong(TaskObject::lengthBytes).sum(),
        written.stream().mapToLong(TaskObject::rows).sum());
    committed = true;
    return new TaskOutput(names.partition(), written).message();
  }

  /**
   * Discards the object that is being written and deletes the stored ones; does nothing after a
   * commit.
   */
  @Override
  public void abort() throws IOException {
    if (committed) {
      return;
    }
    List<TaskObject> stored = List.copyOf(written);
    written.clear();
    try {
      discardCurrent();
    } finally {
      ObjectDiscard.all(store, stored);
    }
  }

  /** Releases the encoder if neither commit nor abort did. */
  @Override
  public void close() throws IOException {
    discardCurrent();
  }

  private OpenObject open() throws IOException {
    ObjectSink sink = new ObjectSink(store, names.location(written.size()), names.layout());
    return new OpenObject(sink, encoding.open(sink, names.partition(), names.taskId()));
  }

  private void finish(OpenObject open) throws IOException {
    open.encoder.close();
    written.add(open.sink.result(open.rows));
    current = null;
  }

  private void discardCurrent() throws IOException {
    OpenObject open = current;
    current = null;
    if (open == null) {
      return;
    }
    try {
      open.sink.discard();
    } finally {
      // Encoders hold codecs and memory; the sink ignores the bytes that they still write.
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
