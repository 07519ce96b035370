// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.errors;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.options.Internal;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one task. They are stored when {@value #PART_CHARS} characters are full, and at
 * the end of the task's input. The keys and the contents are the same for every attempt of a task,
 * so a repeated one changes nothing. Not thread-safe.
 */
@Internal
public final class TaskErrors {
  /** No document is wanted. */
  public static final TaskErrors NONE = new TaskErrors(null, null, 0, (errors, records) -> {});

  /** Receives the numbers of a task at its end. */
  public interface Totals {
    /** Adds a task. */
    void add(long errors, long records);
  }

  private static final int PART_CHARS = 8 * 1024 * 1024;

  private final @Nullable ErrorSink sink;
  private final @Nullable ObjectStore store;
  private final int task;
  private final StringBuilder lines = new StringBuilder();
  private int part;
  private final Totals totals;
  private String last = "";
  private long count;

  private TaskErrors(
      @Nullable ErrorSink sink, @Nullable ObjectStore store, int task, Totals totals) {
    this.totals = totals;
    this.sink = sink;
    this.store = store;
    this.task = task;
  }

  /**
   * The documents of a task.
   *
   * @param task its number in the scan
   * @param totals of all tasks
   */
  public static TaskErrors of(ErrorSink sink, ObjectStore store, int task, Totals totals) {
    return new TaskErrors(sink, store, task, totals);
  }

  /** Whether documents are wanted. */
  public boolean areWanted() {
    return sink != null;
  }

  /** The number of documents until now. */
  public long count() {
    return count;
  }

  /** Most bytes of a record in its document. */
  public int recordBytes() {
    return sink == null ? 0 : sink.recordBytes();
  }

  /**
   * Adds a document; one PUT when a part is full.
   *
   * @throws TooManyErrors when there are more than the user allows
   */
  public void add(ErrorDocument document) throws IOException {
    if (sink == null) {
      return;
    }
    count++;
    last = document.file() + ": " + document.message();
    lines.append(document.toJson(sink.dataset(), sink.run())).append('\n');
    if (lines.length() > PART_CHARS) {
      store();
    }
    if (count > sink.maxErrors()) {
      flush();
      sink.check(count, 0, last);
    }
  }

  /**
   * Ends the task's input. Stores what is left; one PUT when there is something.
   *
   * @param records number of good ones
   * @throws TooManyErrors as {@link #add}, also for their share
   */
  public void finish(long records) throws IOException {
    flush();
    if (sink != null) {
      totals.add(count, records);
      sink.check(count, records, last);
    }
  }

  private void flush() throws IOException {
    if (lines.length() > 0) {
      store();
    }
  }

  private void store() throws IOException {
    if (sink != null && store != null) {
      store.put(sink.location(task, part), ObjectContent.of(lines.toString().getBytes(UTF_8)));
    }
    part++;
    lines.setLength(0);
  }

  /**
   * The stored bytes at a place of an object, as many as a document keeps. One GET, unless none are
   * kept.
   *
   * @param end exclusive; the end of the object when it is far
   */
  public byte[] bytes(ObjectLocation object, Optional<String> etag, long start, long end)
      throws IOException {
    long length = Math.min(recordBytes(), end - start);
    if (store == null || length <= 0) {
      return new byte[0];
    }
    try (ObjectBody body = store.open(object, new ByteRange(start, start + length), etag)) {
      return body.readAllBytes();
    }
  }
}
