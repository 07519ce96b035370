// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.read.spi.WriteRequest;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import io.letsdata.write.ManifestCommitter.Publishers;
import io.letsdata.write.ObjectWriterFactory.StoreOpener;
import io.letsdata.write.spark.SparkEncoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.types.StructType;

/**
 * A checked write request. Immutable; makes no request until {@link #begin}.
 *
 * @param output to write to
 * @param mode of the job
 * @param options of the format and of the writer
 * @param store settings of the store
 * @param schema of the rows
 */
record WritePlan(
    OutputLayout output,
    WriteMode mode,
    WriteOptions options,
    StoreSettings store,
    StructType schema) {
  static final RetryPause PAUSE =
      RetryPause.jittered(Duration.ofMillis(50), Duration.ofSeconds(10));

  static WritePlan of(WriteRequest request, StructType schema) {
    ObjectFormat format =
        request
            .format()
            .orElseThrow(
                () ->
                    new UserErrorException(
                        "Cannot write to %s: option format is missing. Set it to text, json, csv or parquet."
                            .formatted(request.output().output())));
    return new WritePlan(
        request.output(),
        WriteMode.of(request.mode()),
        WriteOptions.of(format, request.formatOptions()),
        request.store(),
        schema);
  }

  /**
   * Begins the job: prepares the encoder and reads the latest version. One LIST, and one GET when
   * there is a version; no request for the modes that only commit the first version.
   */
  BatchWrite begin() {
    SparkEncoding encoding =
        SparkEncoding.prepare(SparkSession.active(), options.format(), options.ofFormat(), schema);
    ObjectStore shared = SharedStores.get(store);
    JobOutput job =
        new JobOutput(
            UUID.randomUUID().toString(),
            mode,
            options.format().text(),
            SparkEncoding.storedSchema(schema).json(),
            options.forReaders(),
            options.layout(),
            List.of());
    try {
      if (options.layout() == Layout.PLAIN) {
        var unused = OutputRecovery.finishPending(shared, output);
      }
      ManifestCommitter committer =
          new ManifestCommitter(
              new ManifestLog(shared, output), new SchemaRule(), PAUSE, Publishers.DRIVER);
      BaseVersion base = committer.head(mode);
      committer.check(job, base);
      Publication publication =
          switch (options.layout()) {
            case MANIFEST -> new ManifestPublication(committer, job, base);
            case PLAIN ->
                new PlainPublication(
                    shared, output, OutputRecovery.completion(shared, output, PAUSE), job, base);
          };
      return new OutputBatchWrite(
          new ObjectWriterFactory(
              opener(store), output, options.layout(), encoding, options.maxRowsPerObject()),
          new JobCommit(shared, publication),
          toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static StoreOpener opener(StoreSettings settings) {
    return () -> SharedStores.get(settings);
  }

  @Override
  public String toString() {
    return mode + " " + options.format().text() + " to " + output.output();
  }
}
