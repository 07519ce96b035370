// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi.spark;

import io.letsdata.options.Internal;
import io.letsdata.options.UserErrorException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.avro.AvroFileFormat;
import org.apache.spark.sql.avro.AvroOptions;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.execution.datasources.v2.FilePartitionReaderFactory;
import org.apache.spark.sql.execution.datasources.v2.FileScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.v2.avro.AvroPartitionReaderFactory;
import org.apache.spark.sql.v2.avro.AvroScanBuilder;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.Set;

/**
 * Spark's module spark-avro, which a user adds as for Spark's own source. Used on the driver only:
 * what goes to tasks are objects of Spark. Stateless.
 *
 * <p>Each method throws a {@link UserErrorException} when the module is not on the class path.
 */
@Internal
public final class AvroSupport {
  private AvroSupport() {}

  /** The names of the format's options, in Spark's spelling. */
  public static Set<String> optionNames() {
    return needed(AvroOptions::getAllOptions);
  }

  /** Encoder and inference. */
  public static FileFormat fileFormat() {
    return needed(AvroFileFormat::new);
  }

  /**
   * Spark's builder of scans.
   *
   * @param ofObjects the schema without the columns of the keys, which {@code index} knows
   */
  public static FileScanBuilder scanBuilder(
      SparkSession session,
      PartitioningAwareFileIndex index,
      StructType schema,
      StructType ofObjects,
      CaseInsensitiveStringMap options) {
    return needed(() -> new AvroScanBuilder(session, index, schema, ofObjects, options));
  }

  /** The factory {@code made} with another configuration. */
  public static FilePartitionReaderFactory readerFactory(
      PartitionReaderFactory made, UnaryOperator<Broadcast<SerializableConfiguration>> conf) {
    return needed(
        () -> {
          AvroPartitionReaderFactory f = (AvroPartitionReaderFactory) made;
          return new AvroPartitionReaderFactory(
              f.sqlConf(),
              conf.apply(f.broadcastedConf()),
              f.dataSchema(),
              f.readDataSchema(),
              f.partitionSchema(),
              f.options(),
              f.filters());
        });
  }

  private static <T> T needed(Supplier<T> ofModule) {
    try {
      return ofModule.get();
    } catch (NoClassDefFoundError e) {
      throw new UserErrorException(
          "Cannot use format avro: Spark's module spark-avro is not on the class path (%s). Add org.apache.spark:spark-avro_2.12 of Spark's version to spark.jars.packages."
              .formatted(e.getMessage()));
    }
  }
}
