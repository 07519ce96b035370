// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import io.letsdata.manifest.ObjectFormat;
import io.letsdata.options.Internal;
import io.letsdata.read.spi.spark.AvroSupport;
import java.util.List;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.execution.datasources.json.JsonFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcOptions;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetOptions;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.execution.datasources.text.TextOptions;
import scala.collection.JavaConverters;
import scala.collection.Set;

/**
 * Spark's encoder of each format, and the names of its options (DataSourceOptions, Spark 3.5.9).
 * Pure.
 */
@Internal
public final class FormatOptions {
  private FormatOptions() {}

  /** The names of a format's options, sorted, in Spark's spelling. */
  public static List<String> names(ObjectFormat format) {
    Set<String> names =
        switch (format) {
          case TEXT -> TextOptions.getAllOptions();
          case JSON -> JSONOptions.getAllOptions();
          case CSV -> CSVOptions.getAllOptions();
          case PARQUET -> ParquetOptions.getAllOptions();
          case ORC -> OrcOptions.getAllOptions();
          case AVRO -> AvroSupport.optionNames();
          case WARC -> throw unwritable(format);
        };
    return JavaConverters.setAsJavaSetConverter(names).asJava().stream().sorted().toList();
  }

  static FileFormat encoder(ObjectFormat format) {
    return switch (format) {
      case TEXT -> new TextFileFormat();
      case JSON -> new JsonFileFormat();
      case CSV -> new CSVFileFormat();
      case PARQUET -> new ParquetFileFormat();
      case ORC -> new OrcFileFormat();
      case AVRO -> AvroSupport.fileFormat();
      case WARC -> throw unwritable(format);
    };
  }

  private static IllegalArgumentException unwritable(ObjectFormat format) {
    return new IllegalArgumentException("format " + format.text() + " can only be read");
  }
}
