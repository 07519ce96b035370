// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.options.Internal;
import io.letsdata.read.spi.TableWriteSupport;
import io.letsdata.read.spi.WriteRequest;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;

/**
 * The write side of {@code letsdata-s3}, found by the read side through the service loader.
 * Stateless.
 */
@Internal
public final class ConnectorWriteSupport implements TableWriteSupport {
  /** For the service loader. */
  public ConnectorWriteSupport() {}

  @Override
  public WriteBuilder newWriteBuilder(WriteRequest request, LogicalWriteInfo info) {
    return new OutputWriteBuilder(WritePlan.of(request, info.schema()));
  }
}
