// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.InstalledOptions;
import io.letsdata.options.Public;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spark.NestedWrite;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.read.spi.Sessions;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;

/**
 * The data source {@code format("letsdata-s3")}: reads the objects that a manifest names, one
 * partition per object, and writes committed outputs.
 *
 * <p>Spark makes one instance for each read or write and calls it from one thread.
 *
 * <p><b>Save modes.</b> DataFrameWriter (Spark 3.5.9, {@code saveInternal}) refuses the default
 * mode, {@code errorifexists}, and {@code ignore} for a V2 source without a catalog, and it refuses
 * a user's schema for a source with a catalog. This source needs both. Spark gives a table without
 * BATCH_WRITE to {@link CreatableRelationProvider} in every mode. So the table of a plain {@code
 * save} has no BATCH_WRITE, {@link #createRelation} checks whether the output exists, and then it
 * writes through V2 to a table that has it.
 */
@Public
public class LetsDataS3Source
    implements TableProvider, DataSourceRegister, CreatableRelationProvider {

  /**
   * The option in which DataFrameWriter passes {@code partitionBy} to a V1 source (DataSourceUtils,
   * Spark 3.5.9).
   */
  private static final String PARTITION_COLUMNS = "__partition_columns";

  private @Nullable ManifestTable inferred;

  /** For Spark. */
  public LetsDataS3Source() {}

  @Override
  public String shortName() {
    return "letsdata-s3";
  }

  @Override
  public String toString() {
    return shortName();
  }

  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    inferred = ManifestTable.open(Sessions.current(), options.asCaseSensitiveMap());
    return inferred.schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return inferred != null && inferred.schema().equals(schema)
        ? inferred
        : ManifestTable.withSchema(Sessions.current(), properties, schema);
  }

  @Override
  public BaseRelation createRelation(
      SQLContext context,
      SaveMode mode,
      scala.collection.immutable.Map<String, String> parameters,
      Dataset<Row> data) {
    Map<String, String> properties = JavaConverters.mapAsJavaMap(parameters);
    ConnectorOptions options = ConnectorOptions.of(properties);
    OutputLayout output = OutputTable.output(options);
    if (properties.containsKey(PARTITION_COLUMNS)) {
      throw new UserErrorException(
          "Cannot write %s: partitionBy is not supported. Remove it.".formatted(output.output()));
    }
    SparkSession session = data.sparkSession();
    if (mode == SaveMode.Append
        || mode == SaveMode.Overwrite
        || mayCreate(session, output, options, mode)) {
      Table table = OutputTable.open(session, data.schema().asNullable(), mode, properties);
      Sessions.with(
          session,
          () -> {
            NestedWrite.run(data, table, mode, parameters);
            return output;
          });
    }
    return new WrittenRelation(context, data.schema());
  }

  /** Whether the mode allows the job to write the first version. One LIST. */
  private static boolean mayCreate(
      SparkSession session, OutputLayout output, ConnectorOptions options, SaveMode mode) {
    long version;
    try {
      version = new ManifestLog(store(session, options), output).latestVersion();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    if (version > 0 && mode == SaveMode.ErrorIfExists) {
      throw new IllegalStateException(
          "Cannot write %s: version %s is already committed there. Use mode append or overwrite, or another path."
              .formatted(output.output(), version));
    }
    return version == 0;
  }

  /**
   * How to reach the store.
   *
   * @throws io.letsdata.options.InvalidOptionException also for a key of the session under {@code
   *     spark.letsdata.} that no installed module knows
   */
  static StoreSettings settings(SparkSession session, ConnectorOptions options) {
    InstalledOptions.load()
        .requireKnownSettings(JavaConverters.mapAsJavaMap(session.conf().getAll()).keySet());
    return options.storeSettings(key -> Optional.ofNullable(session.conf().get(key, null)));
  }

  static ObjectStore store(SparkSession session, ConnectorOptions options) {
    return SharedStores.get(settings(session, options));
  }

  /** The result of a V1 write; Spark reads only its schema. */
  private static final class WrittenRelation extends BaseRelation {
    private final SQLContext context;
    private final StructType schema;

    WrittenRelation(SQLContext context, StructType schema) {
      this.context = context;
      this.schema = schema;
    }

    @Override
    public SQLContext sqlContext() {
      return context;
    }

    @Override
    public StructType schema() {
      return schema;
    }
  }
}
