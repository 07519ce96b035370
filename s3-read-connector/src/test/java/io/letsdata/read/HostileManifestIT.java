// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.ReaderOptions;
import io.letsdata.manifest.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Manifests of a stranger: options of any name with an endpoint or a class as value. Reading them
 * opens no connection to the endpoint and loads no class, whether it succeeds or fails.
 */
class HostileManifestIT {
  private static final int MANIFESTS = 60;
  private static final String LOADED = "letsdata.canary.hostile";

  /** Its initializer runs when somebody loads it by name. */
  public static final class Canary {
    static {
      System.setProperty(LOADED, "yes");
    }
  }

  @Test
  void optionsOfAManifestReachNoEndpointAndNoClass(@TempDir Path folder) throws Exception {
    long seed = Long.getLong("letsdata.test.seed", System.nanoTime());
    System.out.println("-Dletsdata.test.seed=" + seed);
    Random random = new Random(seed);
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        LocalS3 s3 = LocalS3.start(folder)) {
      Thread acceptor = new Thread(() -> count(listener, connections), "listener");
      acceptor.setDaemon(true);
      acceptor.start();
      s3.put("in/x.csv", "a,b\n1,2\n".getBytes(UTF_8));
      String endpoint = "http://127.0.0.1:" + listener.getLocalPort();
      List<String> values =
          List.of(endpoint, endpoint + "/x", Canary.class.getName(), "s3://stranger/x");
      List<String> names = names();
      int read = 0;
      int refused = 0;
      for (int i = 0; i < MANIFESTS; i++) {
        Map<String, String> options = new HashMap<>();
        int count = i % 4 == 0 ? 1 : random.nextInt(4);
        for (int n = 0; n < count; n++) {
          options.put(pick(names, random), pick(values, random));
        }
        try {
          read(s3, options);
          read++;
        } catch (RuntimeException e) {
          refused++;
        }
      }

      assertThat(read).as("manifests without options are read, seed %d", seed).isPositive();
      assertThat(refused).as("seed %d", seed).isPositive();
      assertThat(connections).as("seed %d", seed).hasValue(0);
      assertThat(System.getProperty(LOADED)).as("seed %d", seed).isNull();
    }
  }

  private static void read(LocalS3 s3, Map<String, String> options) {
    Snapshot manifest =
        Snapshot.of(
            "i",
            1,
            "csv",
            Optional.empty(),
            options,
            List.of(ManifestEntry.of("s3://bucket/in/x.csv")));
    long unused =
        s3.spark()
            .read()
            .format("letsdata-s3")
            .option("manifest-text", new String(Manifests.toBytes(manifest), UTF_8))
            .load()
            .count();
  }

  /** Every setting of Hadoop, the store's, what Spark's csv knows, and some that load classes. */
  private static List<String> names() {
    TreeSet<String> names = new TreeSet<>(ReaderOptions.of(ObjectFormat.CSV));
    new Configuration().forEach(setting -> names.add(setting.getKey()));
    names.addAll(
        List.of(
            "spark.letsdata.s3.endpoint",
            "spark.letsdata.s3.region",
            "fs.s3a.endpoint",
            "fs.s3a.impl",
            "fs.s3.impl",
            "fs.letsdata-store.impl",
            "io.compression.codecs",
            "io.serializations",
            "compression",
            "codec",
            "parquet.crypto.factory.class",
            "mapreduce.input.pathFilter.class",
            "hadoop.security.group.mapping",
            "pathGlobFilter",
            "path"));
    return new ArrayList<>(names);
  }

  private static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private static void count(ServerSocket listener, AtomicInteger connections) {
    while (!listener.isClosed()) {
      try {
        listener.accept().close();
        connections.incrementAndGet();
      } catch (IOException e) {
        return;
      }
    }
  }
}
