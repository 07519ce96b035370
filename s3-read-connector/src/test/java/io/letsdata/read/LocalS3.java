// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * An S3 server over HTTP and a local Spark session that reads from it. The test that starts it
 * closes it.
 */
final class LocalS3 implements AutoCloseable {
  static final String BUCKET = "bucket";

  /** In the session's configuration; must not travel. */
  static final String SECRET = "canary-51c0de";

  private final S3ProxyServer server;
  private final SparkSession spark;
  private RequestCounts before = RequestCounts.ZERO;

  private LocalS3(S3ProxyServer server, SparkSession spark) {
    this.server = server;
    this.spark = spark;
  }

  static LocalS3 start(Path folder) throws IOException {
    S3ProxyServer server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder, BUCKET);
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.hadoop.fs.s3a.secret.key", SECRET)
            .config("spark.my.service", SECRET)
            .config("spark.sql.catalog.x.password", SECRET)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "2");
    server.settings().toProperties().forEach(builder::config);
    return new LocalS3(server, builder.getOrCreate());
  }

  SparkSession spark() {
    return spark;
  }

  ObjectStore store() {
    return SharedStores.get(server.settings());
  }

  /** Stores an object and gives back its location. */
  ObjectLocation put(String key, byte[] bytes) throws IOException {
    ObjectLocation location = new ObjectLocation(BUCKET, key);
    store().put(location, ObjectContent.of(bytes));
    return location;
  }

  /** From here {@link #counted} counts. */
  void countFromHere() {
    before = RequestMeter.PROCESS.counts();
  }

  /** Requests of this process, driver and tasks, since {@link #countFromHere}. */
  RequestCounts counted() {
    return RequestMeter.PROCESS.counts().minus(before);
  }

  @Override
  public void close() {
    spark.stop();
    server.close();
  }
}
