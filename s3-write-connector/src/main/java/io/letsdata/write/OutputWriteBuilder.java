// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;

/**
 * Gives Spark a planned write. The mode of the request decides, so {@code truncate} does nothing.
 */
final class OutputWriteBuilder implements WriteBuilder, SupportsTruncate {
  private final WritePlan plan;

  OutputWriteBuilder(WritePlan plan) {
    this.plan = plan;
  }

  @Override
  public WriteBuilder truncate() {
    return this;
  }

  @Override
  public Write build() {
    return new Write() {
      @Override
      public String description() {
        return "letsdata-s3 " + plan;
      }

      @Override
      public BatchWrite toBatch() {
        return plan.begin(JobMark.INTERVAL);
      }
    };
  }
}
