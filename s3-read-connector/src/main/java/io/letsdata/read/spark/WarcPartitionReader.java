// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.read.spark.task.ReadMetrics;
import io.letsdata.read.warc.DamagedRecord;
import io.letsdata.read.warc.HttpMessage;
import io.letsdata.read.warc.RecordFaults;
import io.letsdata.read.warc.WarcOptions;
import io.letsdata.read.warc.WarcRecords;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.OrderedFilters;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Seq;

/** Reads the records of one object as rows. A record that a filter removes is not loaded. */
final class WarcPartitionReader implements PartitionReader<InternalRow>, WarcColumn.Content {
  private static final Logger LOG = LoggerFactory.getLogger(WarcPartitionReader.class);
  private static final int HEAD_BYTES = 64;

  /** In which the head of an HTTP message usually ends. */
  private static final int HTTP_HEAD_BYTES = 8 * 1024;

  private final ObjectLocation location;
  private final WarcRecords records;
  private final List<WarcColumn> columns;
  private final OrderedFilters filters;
  private final Seq<Object> keyValues;
  private final WarcOptions options;
  private byte @Nullable [] block;
  private @Nullable HttpMessage http;
  private @Nullable InternalRow row;

  /**
   * @param filters on columns of the header only, compiled for {@code columns}
   * @param keyValues values that follow those of {@code columns}
   */
  WarcPartitionReader(
      ObjectLocation location,
      WarcRecords records,
      List<WarcColumn> columns,
      OrderedFilters filters,
      Seq<Object> keyValues,
      WarcOptions options) {
    this.location = location;
    this.records = records;
    this.columns = columns;
    this.filters = filters;
    this.keyValues = keyValues;
    this.options = options;
  }

  @Override
  public boolean next() throws IOException {
    while (records.next()) {
      try {
        block = null;
        http = null;
        row = row();
        if (row != null) {
          if (options.dropsDamaged()) { // a row is given away when its record is known to be whole
            records.finish();
          }
          return true;
        }
      } catch (DamagedRecord e) {
        records.leaveOut(e);
      }
    }
    return false;
  }

  /** The row of the current record; null when a filter removes it. */
  private @Nullable InternalRow row() throws IOException {
    @Nullable Object[] values = new @Nullable Object[columns.size() + keyValues.size()];
    GenericInternalRow made = new GenericInternalRow(values);
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.get(i).needsBlock()) {
        values[i] = columns.get(i).value(records, this);
      }
    }
    for (int i = 0; i < columns.size(); i++) {
      if (filters.skipRow(made, i)) {
        return null;
      }
    }
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).needsBlock()) {
        values[i] = columns.get(i).value(records, this);
      }
    }
    for (int i = 0; i < keyValues.size(); i++) {
      values[columns.size() + i] = keyValues.apply(i);
    }
    return made;
  }

  @Override
  public InternalRow get() {
    if (row == null) {
      throw new IllegalStateException("get before next");
    }
    return row;
  }

  @Override
  public byte[] head() throws IOException {
    return block == null
        ? records.peek(HEAD_BYTES)
        : Arrays.copyOf(block, Math.min(HEAD_BYTES, block.length));
  }

  @Override
  public byte[] bytes() throws IOException {
    if (block == null) {
      block = records.content();
    }
    return block;
  }

  @Override
  public HttpMessage http() throws IOException {
    if (http == null) {
      byte[] start = block == null ? records.peek(HTTP_HEAD_BYTES) : block;
      http = HttpMessage.parse(start);
      if (!http.isComplete() && start.length < records.contentLengthBytes()) {
        http = HttpMessage.parse(bytes());
      }
    }
    return http;
  }

  @Override
  public byte @Nullable [] payload() throws IOException {
    try {
      return http().payload(bytes(), options.maxRecordBytes());
    } catch (HttpMessage.TooLong e) {
      throw records.tooLong(e);
    }
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    RecordFaults faults = records.faults();
    return new CustomTaskMetric[] {
      ReadMetrics.value(ReadMetrics.DAMAGE, faults.leftOut()),
      ReadMetrics.value(ReadMetrics.DEVIATIONS, faults.accepted())
    };
  }

  @Override
  public void close() throws IOException {
    String summary = records.faults().summary();
    if (!summary.isEmpty()) {
      LOG.warn("Read {} as warc: {}.", location, summary);
    }
    records.close();
  }
}
