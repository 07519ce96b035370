// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.read.warc.DamagedRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkUpgradeException;
import org.apache.spark.TaskKilledException;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one object with a decoder that it opens at the first row. It sets {@code input_file_name()}
 * to {@code s3://bucket/key} and names the object in every error. {@link IgnoredFiles} decides
 * which errors end the object instead.
 *
 * @param <T> rows or batches
 */
final class ManifestPartitionReader<T> implements PartitionReader<T> {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestPartitionReader.class);

  /** Opens the decoder; may make requests. */
  interface Opener<T> {
    PartitionReader<T> open() throws IOException;
  }

  private final ManifestInputPartition partition;
  private final String format;
  private final IgnoredFiles ignored;
  private final Opener<T> opener;
  private @Nullable PartitionReader<T> decoder;
  private boolean leftOut;

  ManifestPartitionReader(
      ManifestInputPartition partition, String format, IgnoredFiles ignored, Opener<T> opener) {
    this.partition = partition;
    this.format = format;
    this.ignored = ignored;
    this.opener = opener;
  }

  @Override
  public boolean next() throws IOException {
    if (partition.lengthBytes() == 0 || leftOut) {
      return false;
    }
    try {
      if (decoder == null) {
        // The decoder sets it again when it learns the length.
        InputFileBlockHolder.set(partition.location().toString(), 0, partition.lengthBytes());
        decoder = opener.open();
      }
      return decoder.next();
    } catch (InterruptedIOException
        | ClosedByInterruptException
        | TaskKilledException
        | SparkUpgradeException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      IOException unreadable = unreadable(e);
      if (!ignored.covers(e)) {
        throw unreadable;
      }
      leftOut = true;
      LOG.warn("The rest of the object is left out, as the read asks for.", unreadable);
      return false;
    }
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    List<CustomTaskMetric> values = new ArrayList<>();
    if (decoder != null) {
      values.addAll(List.of(decoder.currentMetricsValues()));
    }
    values.add(ReadMetrics.value(ReadMetrics.OBJECTS, leftOut ? 1 : 0));
    return values.toArray(new CustomTaskMetric[0]);
  }

  @Override
  public T get() {
    if (decoder == null) {
      throw new IllegalStateException("get before next");
    }
    return decoder.get();
  }

  @Override
  public void close() throws IOException {
    InputFileBlockHolder.unset();
    if (decoder != null) {
      decoder.close();
    }
  }

  /** The exception for the user. Messages of the store already name the object. */
  private IOException unreadable(Exception e) {
    Throwable root = PortableException.root(e);
    String message = PortableException.shown(e.getMessage());
    Throwable cause = PortableException.of(e);
    if (message.startsWith("Cannot ") && message.contains(partition.location().toString())) {
      return cause instanceof IOException io && cause == e ? io : new IOException(message, cause);
    }
    String why =
        root == e ? message : message + " (" + PortableException.shown(root.toString()) + ")";
    return new IOException(
        "Cannot read %s as %s: %s. Check the object and the option 'format'%s."
            .formatted(
                partition.location(),
                format,
                why,
                e instanceof DamagedRecord ? ", or read past it with the option 'mode'" : ""),
        cause);
  }
}
