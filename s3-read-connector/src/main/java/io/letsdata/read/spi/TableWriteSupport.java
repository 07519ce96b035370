// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.options.Internal;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;

/**
 * The write side of the data source, found with {@link java.util.ServiceLoader}: exactly one
 * implementation on the class path, with a public constructor without arguments.
 *
 * <p>Its table has the capabilities BATCH_WRITE, TRUNCATE and ACCEPT_ANY_SCHEMA. Every save mode,
 * also the default one, arrives here on Spark's ordinary V2 path: {@code append}, {@code
 * errorifexists} and {@code ignore} as AppendData, {@code overwrite} as
 * OverwriteByExpression(true), so the builder implements {@link
 * org.apache.spark.sql.connector.write.SupportsTruncate}.
 */
@Internal
public interface TableWriteSupport {

  /**
   * Plans one write. Called on the driver; makes no request.
   *
   * @param request the write of the user; its mode decides, not the call of {@code truncate}
   * @param info query id and schema; its options include internal names, so use those of {@code
   *     request}
   * @throws IllegalArgumentException for options that cannot be honored
   */
  WriteBuilder newWriteBuilder(WriteRequest request, LogicalWriteInfo info);
}
