// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.version.Application;
import io.letsdata.manifest.version.TableState;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.read.spi.WriteRequest;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import io.letsdata.write.ManifestCommitter.Publishers;
import io.letsdata.write.ObjectWriterFactory.StoreOpener;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.spark.SparkEncoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.types.StructType;

/**
 * A checked write request. Immutable; makes no request until {@link #begin}.
 *
 * @param session whose settings decide how rows are encoded
 * @param output to write to
 * @param mode of the job
 * @param options of the format and of the writer
 * @param store settings of the store
 * @param schema of the rows
 */
record WritePlan(
    SparkSession session,
    OutputLayout output,
    WriteMode mode,
    WriteOptions options,
    StoreSettings store,
    StructType schema) {
  private static final String MAX_RECORDS_PER_FILE = "spark.sql.files.maxRecordsPerFile";

  static final RetryPause PAUSE =
      RetryPause.jittered(Duration.ofMillis(50), Duration.ofSeconds(10));

  static WritePlan of(WriteRequest request, StructType schema) {
    ObjectFormat format =
        request
            .format()
            .orElseThrow(
                () ->
                    new UserErrorException(
                        "Cannot write to %s: option format is missing. Set it to text, json, csv, parquet, orc or avro."
                            .formatted(request.output().output())));
    SparkSession session = request.session();
    long maxRecords = Long.parseLong(session.conf().get(MAX_RECORDS_PER_FILE));
    return new WritePlan(
        session,
        request.output(),
        WriteMode.of(request.mode()),
        WriteOptions.of(format, request.formatOptions(), maxRecords),
        request.store(),
        schema);
  }

  /**
   * Begins the job: prepares the encoder and reads the latest version. One LIST, and one GET when
   * there is a version; no request for the modes that only commit the first version, nor for
   * options or a schema that the format refuses. Layout plain: one LIST of the recovery records
   * more, and what recovery of each costs.
   *
   * @param markEvery time between two marks of the job, {@link JobMark#INTERVAL}
   */
  BatchWrite begin(Duration markEvery) {
    Map<String, String> own = SparkEncoding.sessionOptions(session, options.format(), schema);
    SparkEncoding ownEncoding = encoding(options.withDefaults(own));
    ObjectStore shared = SharedStores.get(store);
    try {
      if (options.layout() == Layout.PLAIN) {
        var unused = OutputRecovery.finishPending(shared, output);
      }
      ManifestCommitter committer =
          new ManifestCommitter(
              new ManifestLog(shared, output), new SchemaRule(), PAUSE, Publishers.DRIVER);
      BaseVersion base = committer.head(mode.operation());
      Map<String, String> stated = stated(own, base);
      WriteOptions complete = options.withDefaults(stated);
      SparkEncoding encoding = stated.equals(own) ? ownEncoding : encoding(complete);
      CommitRequest job =
          new CommitRequest(
              UUID.randomUUID().toString(),
              mode.operation(),
              new CommitOrigin(
                  new Application(
                      session.sparkContext().applicationId(), session.sparkContext().appName()),
                  complete.commitId(),
                  Optional.empty()),
              complete.format().text(),
              SparkEncoding.storedSchema(schema).json(),
              complete.forReaders(),
              complete.layout(),
              new TableState(
                  List.of(),
                  complete
                      .manifests()
                      .map(kinds -> Map.of(ForeignManifests.PROPERTY, kinds))
                      .orElse(Map.of())),
              List.of());
      committer.check(job, base);
      Publication publication =
          switch (complete.layout()) {
            case MANIFEST -> new ManifestPublication(committer, job, base);
            case PLAIN ->
                new PlainPublication(
                    shared, output, OutputRecovery.completion(shared, output, PAUSE), job, base);
          };
      return new OutputBatchWrite(
          new ObjectWriterFactory(
              opener(store), output, complete.layout(), encoding, complete.maxRowsPerObject()),
          new JobCommit(shared, publication),
          new JobMark(shared, output, job.id(), markEvery),
          this);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * The options that the encoder takes from the session and a reader in another one needs too. An
   * append writes as the output has it: the same instants in another zone would need two readers.
   */
  private Map<String, String> stated(Map<String, String> own, BaseVersion base) {
    Map<String, String> stated = new HashMap<>(own);
    if (mode == WriteMode.APPEND && base.manifest().isPresent()) {
      Map<String, String> existing = base.manifest().get().options();
      stated.replaceAll((name, value) -> existing.getOrDefault(name, value));
    }
    return stated;
  }

  private SparkEncoding encoding(WriteOptions complete) {
    return SparkEncoding.prepare(session, complete.format(), complete.ofFormat(), schema);
  }

  private static StoreOpener opener(StoreSettings settings) {
    return () -> SharedStores.get(settings);
  }

  @Override
  public String toString() {
    return mode + " " + options.format().text() + " to " + output.output();
  }
}
