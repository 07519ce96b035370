// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.filesystem.TaskSettings;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.options.SecretRule;
import io.letsdata.read.spi.ScalaMaps;
import io.letsdata.read.spi.spark.AvroSupport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.execution.datasources.json.JsonFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcOptions;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetOptions;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.execution.datasources.text.TextOptions;
import org.apache.spark.sql.execution.datasources.v2.FilePartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.v2.FileScan;
import org.apache.spark.sql.execution.datasources.v2.FileScanBuilder;
import org.apache.spark.sql.execution.datasources.v2.csv.CSVPartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.v2.csv.CSVScanBuilder;
import org.apache.spark.sql.execution.datasources.v2.json.JsonPartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.v2.json.JsonScanBuilder;
import org.apache.spark.sql.execution.datasources.v2.orc.OrcPartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.v2.orc.OrcScanBuilder;
import org.apache.spark.sql.execution.datasources.v2.parquet.ParquetPartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.v2.parquet.ParquetScanBuilder;
import org.apache.spark.sql.execution.datasources.v2.text.TextPartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.v2.text.TextScanBuilder;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.JavaConverters;

/**
 * Spark's own decoder for each format that has one (Spark 3.5.9, {@code execution/datasources}).
 * Stateless.
 */
final class SparkFormat {
  private SparkFormat() {}

  /** The names of the options that Spark registers for the format. */
  static Set<String> optionNames(ObjectFormat format) {
    return JavaConverters.setAsJavaSet(
        switch (format) {
          case TEXT -> TextOptions.getAllOptions();
          case JSON -> JSONOptions.getAllOptions();
          case CSV -> CSVOptions.getAllOptions();
          case PARQUET -> ParquetOptions.getAllOptions();
          case ORC -> OrcOptions.getAllOptions();
          case AVRO -> AvroSupport.optionNames();
          case WARC -> throw notSparks();
        });
  }

  static FileFormat fileFormat(ObjectFormat format) {
    return switch (format) {
      case TEXT -> new TextFileFormat();
      case JSON -> new JsonFileFormat();
      case CSV -> new CSVFileFormat();
      case PARQUET -> new ParquetFileFormat();
      case ORC -> new OrcFileFormat();
      case AVRO -> AvroSupport.fileFormat();
      case WARC -> throw notSparks();
    };
  }

  /**
   * Spark's builder of scans.
   *
   * @param schema of the rows
   * @param ofObjects the schema without the columns of the keys, which {@code index} knows
   */
  static FileScanBuilder scanBuilder(
      ObjectFormat format,
      SparkSession session,
      PartitioningAwareFileIndex index,
      StructType schema,
      StructType ofObjects,
      CaseInsensitiveStringMap options) {
    return switch (format) {
      case TEXT -> new TextScanBuilder(session, index, schema, ofObjects, options);
      case JSON -> new JsonScanBuilder(session, index, schema, ofObjects, options);
      case CSV -> new CSVScanBuilder(session, index, schema, ofObjects, options);
      case PARQUET -> new ParquetScanBuilder(session, index, schema, ofObjects, options);
      case ORC -> new OrcScanBuilder(session, index, schema, ofObjects, options);
      case AVRO -> AvroSupport.scanBuilder(session, index, schema, ofObjects, options);
      case WARC -> throw notSparks();
    };
  }

  /** The reader factory of {@code scan}, with a {@link ScanConf} instead of its broadcast. */
  static FilePartitionReaderFactory readerFactory(FileScan scan, SecretRule secrets) {
    PartitionReaderFactory made = scan.createReaderFactory();
    if (made instanceof TextPartitionReaderFactory f) {
      return new TextPartitionReaderFactory(
          f.sqlConf(),
          small(f.broadcastedConf(), secrets),
          f.readDataSchema(),
          f.partitionSchema(),
          f.options());
    }
    if (made instanceof JsonPartitionReaderFactory f) {
      return new JsonPartitionReaderFactory(
          f.sqlConf(),
          small(f.broadcastedConf(), secrets),
          f.dataSchema(),
          f.readDataSchema(),
          f.partitionSchema(),
          f.options(),
          f.filters());
    }
    if (made instanceof CSVPartitionReaderFactory f) {
      return new CSVPartitionReaderFactory(
          f.sqlConf(),
          small(f.broadcastedConf(), secrets),
          f.dataSchema(),
          f.readDataSchema(),
          f.partitionSchema(),
          f.options(),
          f.filters());
    }
    if (made instanceof OrcPartitionReaderFactory f) {
      return new OrcPartitionReaderFactory(
          f.sqlConf(),
          small(f.broadcastedConf(), secrets),
          f.dataSchema(),
          f.readDataSchema(),
          f.partitionSchema(),
          f.filters(),
          f.aggregation(),
          f.options(),
          f.memoryMode());
    }
    if (!(made instanceof ParquetPartitionReaderFactory f)) {
      return AvroSupport.readerFactory(made, full -> small(full, secrets));
    }
    return new ParquetPartitionReaderFactory(
        f.sqlConf(),
        small(f.broadcastedConf(), secrets),
        f.dataSchema(),
        f.readDataSchema(),
        f.partitionSchema(),
        f.filters(),
        f.aggregation(),
        f.options());
  }

  private static ScanConf small(Broadcast<SerializableConfiguration> full, SecretRule secrets) {
    ScanConf small = new ScanConf(TaskSettings.of(full.value().value(), secrets));
    full.destroy();
    return small;
  }

  /** Whether the schemas of all objects are merged: the option decides, else the session. */
  static boolean mergesSchema(
      ObjectFormat format, SparkSession session, Map<String, String> options) {
    SQLConf conf = session.sessionState().conf();
    return switch (format) {
      case PARQUET -> new ParquetOptions(ScalaMaps.of(options), conf).mergeSchema();
      case ORC -> new OrcOptions(ScalaMaps.of(options), conf).mergeSchema();
      default -> false;
    };
  }

  /** Runs Spark's inference over these files; empty when it finds no schema. */
  static Optional<StructType> inferSchema(
      ObjectFormat format,
      SparkSession session,
      Map<String, String> options,
      List<FileStatus> files) {
    scala.Option<StructType> schema =
        fileFormat(format)
            .inferSchema(
                session, ScalaMaps.of(options), JavaConverters.asScalaBuffer(files).toSeq());
    return schema.isDefined() ? Optional.of(schema.get()) : Optional.empty();
  }

  private static IllegalStateException notSparks() {
    return new IllegalStateException("warc is not Spark's");
  }
}
