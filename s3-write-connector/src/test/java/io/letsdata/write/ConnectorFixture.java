// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Spark beside a real S3 server process, and an output of its own for each test. */
abstract class ConnectorFixture {
  static final String BUCKET = "bucket";
  private static final AtomicInteger OUTPUTS = new AtomicInteger();

  private static S3ProxyServer server;
  static SparkSession spark;
  static ObjectStore store;

  String output = "";

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder, BUCKET);
    StoreSettings settings = TestIdentity.settings(server.endpoint());
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2,3]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.codegen.wholeStage", "false");
    settings.toProperties().forEach(builder::config);
    spark = builder.getOrCreate();
    store = SharedStores.get(settings);
  }

  @AfterAll
  static void stop() {
    spark.stop();
    server.close();
  }

  @BeforeEach
  void newOutput() {
    output = "s3://" + BUCKET + "/out-" + OUTPUTS.incrementAndGet();
  }

  static Dataset<Row> rows(long from, long to, int partitions) {
    return spark
        .range(from, to, 1, partitions)
        .selectExpr(
            "id",
            "concat('n', id) as name",
            "cast(id as decimal(12,2)) as price",
            "date'2026-01-02' as day");
  }

  DataFrameWriter<Row> writer(Dataset<Row> data, String format, SaveMode mode) {
    return data.write().format("letsdata-s3").option("format", format).mode(mode);
  }

  Dataset<Row> load() {
    return spark.read().format("letsdata-s3").load(output);
  }

  static List<Row> sorted(Dataset<Row> data) {
    return data.collectAsList().stream()
        .sorted(Comparator.comparing((Row row) -> row.getLong(0)))
        .toList();
  }

  List<String> keys(String folder) {
    List<String> keys = new ArrayList<>();
    store
        .listAll(BUCKET, OutputLayout.of(output).prefix() + "/" + folder)
        .forEachRemaining((ListedObject object) -> keys.add(object.location().key()));
    return keys;
  }
}
