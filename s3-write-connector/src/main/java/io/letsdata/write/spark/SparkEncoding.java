// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import io.letsdata.filesystem.TaskSettings;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.options.Internal;
import io.letsdata.options.SecretRule;
import io.letsdata.read.spi.ScalaMaps;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap$;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.execution.datasources.DataSourceUtils;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.util.SchemaUtils;

/**
 * Encodes rows with one of Spark's file formats; prepared on the driver, used in tasks.
 * Serializable, immutable; has no credentials.
 */
@Internal
public final class SparkEncoding implements RowEncoding {
  private static final long serialVersionUID = 1L;

  private static final AtomicLong OPENED = new AtomicLong();

  private final OutputWriterFactory factory;
  private final StructType schema;
  private final TaskSettings conf;
  private final String extension;

  private SparkEncoding(
      OutputWriterFactory factory, StructType schema, TaskSettings conf, String extension) {
    this.factory = factory;
    this.schema = schema;
    this.conf = conf;
    this.extension = extension;
  }

  /**
   * Prepares an encoding, on the driver. No request.
   *
   * <p>Throws Spark's AnalysisException (unchecked here, as Scala does) when the format does not
   * support the schema or an option has an invalid value.
   *
   * @param options of the format; others are ignored
   */
  public static SparkEncoding prepare(
      SparkSession session, ObjectFormat objects, Map<String, String> options, StructType schema) {
    FileFormat format = FormatOptions.encoder(objects);
    SQLConf sqlConf = session.sessionState().conf();
    SchemaUtils.checkSchemaColumnNameDuplication(schema, sqlConf.caseSensitiveAnalysis());
    DataSource.validateSchema(schema, sqlConf);
    DataSourceUtils.checkFieldNames(format, schema);
    DataSourceUtils.verifySchema(format, schema);

    scala.collection.immutable.Map<String, String> scalaOptions = ScalaMaps.of(options);
    Job job = job(session.sessionState().newHadoopConfWithOptions(scalaOptions));
    OutputWriterFactory factory =
        format.prepareWrite(session, job, CaseInsensitiveMap$.MODULE$.apply(scalaOptions), schema);
    Configuration prepared = job.getConfiguration();
    TaskAttemptContext context = new TaskAttemptContextImpl(prepared, attempt(0, 0));
    String extension = factory.getFileExtension(context);
    SecretRule secrets =
        SecretRule.of(Optional.ofNullable(sqlConf.getConfString(SecretRule.PATTERN_KEY, null)));
    return new SparkEncoding(
        factory, schema, TaskSettings.of(prepared, secrets), extension.substring(1));
  }

  /**
   * The options that the encoder takes from the session and that decide what its bytes mean. JSON
   * and CSV write an instant as the local time of the session's zone, and a format may leave the
   * offset out.
   */
  public static Map<String, String> sessionOptions(
      SparkSession session, ObjectFormat format, StructType schema) {
    boolean text = format == ObjectFormat.JSON || format == ObjectFormat.CSV;
    return text && hasInstants(schema)
        ? Map.of("timeZone", session.sessionState().conf().sessionLocalTimeZone())
        : Map.of();
  }

  private static boolean hasInstants(DataType type) {
    if (type instanceof StructType struct) {
      return Arrays.stream(struct.fields()).anyMatch(field -> hasInstants(field.dataType()));
    }
    if (type instanceof ArrayType array) {
      return hasInstants(array.elementType());
    }
    if (type instanceof MapType map) {
      return hasInstants(map.keyType()) || hasInstants(map.valueType());
    }
    return type instanceof UserDefinedType<?> userDefined
        ? hasInstants(userDefined.sqlType())
        : type instanceof TimestampType;
  }

  /**
   * The schema for readers of the stored rows: any column may be null, as in Spark's own files. A
   * user-defined type is replaced by the type in which it is stored, because a manifest must not
   * name a class; a reader who wants it back states it with {@code .schema(…)}.
   */
  public static StructType storedSchema(StructType schema) {
    return (StructType) stored(schema.asNullable());
  }

  private static DataType stored(DataType type) {
    if (type instanceof UserDefinedType<?> userDefined) {
      return stored(userDefined.sqlType().asNullable());
    }
    if (type instanceof ArrayType array) {
      return new ArrayType(stored(array.elementType()), array.containsNull());
    }
    if (type instanceof MapType map) {
      return new MapType(stored(map.keyType()), stored(map.valueType()), map.valueContainsNull());
    }
    if (type instanceof StructType struct) {
      StructField[] fields = struct.fields().clone();
      for (int i = 0; i < fields.length; i++) {
        StructField field = fields[i];
        fields[i] =
            new StructField(
                field.name(), stored(field.dataType()), field.nullable(), field.metadata());
      }
      return new StructType(fields);
    }
    return type;
  }

  @Override
  public String extension() {
    return extension;
  }

  @Override
  public RowEncoder open(OutputStream stream, int partition, long taskId) {
    StreamConf streamConf = new StreamConf(conf.on(SparkHadoopUtil.get().conf()), stream);
    TaskAttemptContext context =
        new TaskAttemptContextImpl(
            streamConf, attempt(partition, (int) (taskId & Integer.MAX_VALUE)));
    // ORC's memory manager knows the open files of a thread by their path (orc-core 1.9.8).
    String path =
        StreamFileSystem.SCHEME + ":///" + OPENED.incrementAndGet() + "/part." + extension;
    OutputWriter writer = factory.newInstance(path, schema, context);
    return new RowEncoder() {
      @Override
      public void write(InternalRow row) {
        writer.write(row);
      }

      @Override
      public void close() {
        writer.close();
      }
    };
  }

  private static Job job(Configuration conf) {
    try {
      Job job = Job.getInstance(conf);
      job.setOutputKeyClass(Void.class);
      job.setOutputValueClass(InternalRow.class);
      return job;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TaskAttemptID attempt(int partition, int number) {
    return new TaskAttemptID("letsdata", 0, TaskType.MAP, partition, number);
  }
}
