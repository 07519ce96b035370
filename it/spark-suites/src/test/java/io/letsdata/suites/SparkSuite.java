// SPDX-License-Identifier: Apache-2.0
package io.letsdata.suites;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.CachedTableSuite;
import org.apache.spark.sql.DataFrameAggregateSuite;
import org.apache.spark.sql.DatasetSuite;
import org.apache.spark.sql.FileBasedDataSourceSuite;
import org.apache.spark.sql.JoinSuite;
import org.apache.spark.sql.execution.adaptive.AdaptiveQueryExecSuite;
import org.apache.spark.sql.streaming.StreamingAggregationSuite;
import org.apache.spark.sql.test.DataFrameReaderWriterSuite;
import org.apache.spark.sql.test.TestSparkSession;
import org.scalatest.Suite;

/**
 * Spark's suites, each with its session made by the current {@link Master}. Nothing else of them is
 * changed.
 */
enum SparkSuite {
  CACHED_TABLE,
  ADAPTIVE_QUERY_EXEC,
  DATASET,
  DATA_FRAME_AGGREGATE,
  JOIN,
  STREAMING_AGGREGATION,
  FILE_BASED_DATA_SOURCE,
  DATA_FRAME_READER_WRITER;

  /** Of one run: a suite keeps its session in a field. */
  Suite suite() {
    return switch (this) {
      case CACHED_TABLE -> new CachedTable();
      case ADAPTIVE_QUERY_EXEC -> new AdaptiveQueryExec();
      case DATASET -> new Dataset();
      case DATA_FRAME_AGGREGATE -> new DataFrameAggregate();
      case JOIN -> new Join();
      case STREAMING_AGGREGATION -> new StreamingAggregation();
      case FILE_BASED_DATA_SOURCE -> new FileBasedDataSource();
      case DATA_FRAME_READER_WRITER -> new DataFrameReaderWriter();
    };
  }

  private static final class CachedTable extends CachedTableSuite {
    @Override
    public SparkConf sparkConf() {
      return Master.current().configure(super.sparkConf());
    }

    @Override
    public TestSparkSession createSparkSession() {
      return Master.current().session(sparkConf());
    }
  }

  private static final class AdaptiveQueryExec extends AdaptiveQueryExecSuite {
    @Override
    public SparkConf sparkConf() {
      return Master.current().configure(super.sparkConf());
    }

    @Override
    public TestSparkSession createSparkSession() {
      return Master.current().session(sparkConf());
    }
  }

  private static final class Dataset extends DatasetSuite {
    @Override
    public SparkConf sparkConf() {
      return Master.current().configure(super.sparkConf());
    }

    @Override
    public TestSparkSession createSparkSession() {
      return Master.current().session(sparkConf());
    }
  }

  private static final class DataFrameAggregate extends DataFrameAggregateSuite {
    @Override
    public SparkConf sparkConf() {
      return Master.current().configure(super.sparkConf());
    }

    @Override
    public TestSparkSession createSparkSession() {
      return Master.current().session(sparkConf());
    }
  }

  private static final class Join extends JoinSuite {
    @Override
    public SparkConf sparkConf() {
      return Master.current().configure(super.sparkConf());
    }

    @Override
    public TestSparkSession createSparkSession() {
      return Master.current().session(sparkConf());
    }
  }

  private static final class StreamingAggregation extends StreamingAggregationSuite {
    @Override
    public SparkConf sparkConf() {
      return Master.current().configure(super.sparkConf());
    }

    @Override
    public TestSparkSession createSparkSession() {
      return Master.current().session(sparkConf());
    }
  }

  private static final class FileBasedDataSource extends FileBasedDataSourceSuite {
    @Override
    public SparkConf sparkConf() {
      return Master.current().configure(super.sparkConf());
    }

    @Override
    public TestSparkSession createSparkSession() {
      return Master.current().session(sparkConf());
    }
  }

  private static final class DataFrameReaderWriter extends DataFrameReaderWriterSuite {
    @Override
    public SparkConf sparkConf() {
      return Master.current().configure(super.sparkConf());
    }

    @Override
    public TestSparkSession createSparkSession() {
      return Master.current().session(sparkConf());
    }
  }
}
