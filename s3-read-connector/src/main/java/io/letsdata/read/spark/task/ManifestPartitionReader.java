// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.options.Internal;
import io.letsdata.read.errors.ErrorDocument;
import io.letsdata.read.errors.TaskErrors;
import io.letsdata.read.errors.TooManyErrors;
import io.letsdata.read.warc.DamagedRecord;
import io.letsdata.store.ObjectStat;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.SparkUpgradeException;
import org.apache.spark.TaskKilledException;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one slice of an object with a decoder that it opens at the first row. It sets {@code
 * input_file_name()} to {@code s3://bucket/key} and names the object in every error. {@link
 * IgnoredFiles} decides which errors end the object instead.
 *
 * @param <T> rows or batches
 */
@Internal
public final class ManifestPartitionReader<T> implements PartitionReader<T> {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestPartitionReader.class);

  /** Opens the decoder; may make requests. */
  public interface Opener<T> {
    Opened<T> open() throws IOException;
  }

  /** A decoder, and the version of the object that it reads. */
  public record Opened<T>(PartitionReader<T> decoder, ObjectStat stat) {}

  private final ObjectSlice slice;
  private final String format;
  private final IgnoredFiles ignored;
  private final TaskErrors errors;
  private final Opener<T> opener;
  private @Nullable Opened<T> opened;
  private boolean leftOut;

  public ManifestPartitionReader(
      ObjectSlice slice, String format, IgnoredFiles ignored, TaskErrors errors, Opener<T> opener) {
    this.slice = slice;
    this.format = format;
    this.ignored = ignored;
    this.errors = errors;
    this.opener = opener;
  }

  @Override
  public boolean next() throws IOException {
    if (slice.lengthBytes() == 0 || leftOut) {
      return false;
    }
    try {
      if (opened == null) {
        showBlock(slice.lengthBytes());
        opened = opener.open();
        showBlock(opened.stat().lengthBytes());
      }
      return opened.decoder().next();
    } catch (InterruptedIOException
        | ClosedByInterruptException
        | TaskKilledException
        | SparkUpgradeException
        | TooManyErrors e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      IOException unreadable = unreadable(e);
      if (!ignored.covers(e)) {
        throw unreadable;
      }
      leftOut = true;
      errors.add(document(unreadable));
      LOG.warn("The rest of the object is left out, as the read asks for.", unreadable);
      return false;
    }
  }

  /** The rest of the object, as a document. */
  private ErrorDocument document(IOException unreadable) {
    Optional<ObjectStat> stat = Optional.ofNullable(opened).map(Opened::stat);
    long objectBytes = stat.map(ObjectStat::lengthBytes).orElse(slice.lengthBytes());
    return new ErrorDocument(
        slice.location().toString(),
        stat.map(ObjectStat::etag).or(slice::etag),
        OptionalLong.of(slice.startByte()),
        objectBytes < 0
            ? OptionalLong.empty()
            : OptionalLong.of(slice.startByte() + slice.bytesOf(objectBytes)),
        ErrorDocument.OBJECT,
        String.valueOf(unreadable.getMessage()),
        new byte[0]);
  }

  /** For {@code input_file_name()} and its neighbours. */
  private void showBlock(long objectBytes) {
    InputFileBlockHolder.set(
        slice.location().toString(), slice.startByte(), slice.bytesOf(objectBytes));
  }

  public ObjectSlice slice() {
    return slice;
  }

  /** The version of the object that is read. */
  public ObjectStat stat() {
    return opened().stat();
  }

  private Opened<T> opened() {
    if (opened == null) {
      throw new IllegalStateException("get before next");
    }
    return opened;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    List<CustomTaskMetric> values = new ArrayList<>();
    if (opened != null) {
      values.addAll(List.of(opened.decoder().currentMetricsValues()));
    }
    values.add(ReadMetrics.value(ReadMetrics.OBJECTS, leftOut ? 1 : 0));
    values.add(ReadMetrics.value(ReadMetrics.READ, opened == null ? 0 : 1));
    values.add(
        ReadMetrics.value(
            ReadMetrics.BYTES, opened == null ? 0 : slice.bytesOf(opened.stat().lengthBytes())));
    return values.toArray(new CustomTaskMetric[0]);
  }

  @Override
  public T get() {
    return opened().decoder().get();
  }

  @Override
  public void close() throws IOException {
    InputFileBlockHolder.unset();
    if (opened != null) {
      opened.decoder().close();
    }
  }

  /** The exception for the user. Messages of the store already name the object. */
  private IOException unreadable(Exception e) {
    Throwable root = PortableException.root(e);
    String message = PortableException.shown(e.getMessage());
    Throwable cause = PortableException.of(e);
    if (message.startsWith("Cannot ") && message.contains(slice.location().toString())) {
      return cause instanceof IOException io && cause == e ? io : new IOException(message, cause);
    }
    String why =
        root == e ? message : message + " (" + PortableException.shown(root.toString()) + ")";
    return new IOException(
        "Cannot read %s as %s: %s. Check the object and the option 'format'%s."
            .formatted(
                slice.location(),
                format,
                why,
                e instanceof DamagedRecord ? ", or read past it with the option 'mode'" : ""),
        cause);
  }
}
