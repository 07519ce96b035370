// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.read.spark.stats.ManifestAggregate;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of an aggregation that the manifest alone answers: no task, no request. Immutable.
 *
 * @param input name of the manifest
 * @param objects number of objects that need not be read
 */
record AggregateScan(String input, int objects, ManifestAggregate result) implements LocalScan {
  @Override
  public StructType readSchema() {
    return result.schema();
  }

  @Override
  public InternalRow[] rows() {
    return result.rows().toArray(new InternalRow[0]);
  }

  @Override
  public String description() {
    return "objects: 0 of %s, aggregated from the manifest %s".formatted(objects, input);
  }
}
