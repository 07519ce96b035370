// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectNotFound;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4BlockInputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Secrets of the driver stay with the driver. */
@Tag("trust")
final class SecretsIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final String IN_ENVIRONMENT = "canary-in-the-environment-5d1f";
  private static final String IN_CONF = "canary-in-the-conf-77aa";
  private static final String IN_BUILDER = "canary-in-the-builder-09be";
  private static final List<String> CANARIES = List.of(IN_ENVIRONMENT, IN_CONF, IN_BUILDER);

  @AfterEach
  void stop() {
    SparkSession.active().stop();
  }

  @Test
  void canariesAreFoundNowhere() throws IOException {
    assertThat(System.getenv("LETSDATA_TEST_PASSWORD")).isEqualTo(IN_ENVIRONMENT);
    SparkSession spark =
        SparkSession.builder()
            .config(
                STACK
                    .lambdaConf()
                    .set("spark.app.secret", IN_CONF)
                    .set("spark.letsdata.run.keep", "true")
                    // Else the cleaner deletes what could be found.
                    .set("spark.cleaner.referenceTracking", "false")
                    .set("spark.letsdata.lambda.inline-limit", "0"))
            .config("spark.app.token", IN_BUILDER)
            .getOrCreate();
    assertThat(spark.conf().get("spark.app.token")).isEqualTo(IN_BUILDER);

    runEverythingThatTravels(spark);

    assertThat(leaksInTheStore()).isEmpty();
    assertThat(leaks(files(STACK.payloads()), true)).isEmpty();
    assertThat(leaks(files(STACK.cloud().home().resolve("logs")), false)).isEmpty();
  }

  /**
   * Configurations in broadcasts (parquet, connector, RDD), in closures (inference), and results.
   */
  private static void runEverythingThatTravels(SparkSession spark) {
    String plain = "s3a://" + STACK.bucket() + "/secrets/plain";
    String ours = "s3://" + STACK.bucket() + "/secrets/ours";
    spark.range(0, 100, 1, 2).repartition(2).write().mode("overwrite").parquet(plain);
    spark
        .read()
        .parquet(plain)
        .write()
        .format("letsdata-s3")
        .option("format", "parquet")
        .mode("overwrite")
        .save(ours);
    assertThat(spark.read().format("letsdata-s3").load(ours).count()).isEqualTo(100);
    spark.range(10).write().mode("overwrite").json(plain + "-json");
    assertThat(spark.read().json(plain + "-json").count()).isEqualTo(10);
    assertThat(
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                .textFile(plain + "-json")
                .persist(StorageLevel.MEMORY_AND_DISK())
                .count())
        .isEqualTo(10);
  }

  private static List<String> leaksInTheStore() throws IOException {
    List<String> leaks = new ArrayList<>();
    int objects = 0;
    Iterator<ListedObject> all = STACK.store().listAll(STACK.bucket(), "");
    while (all.hasNext()) {
      ListedObject object = all.next();
      if (object.location().key().endsWith("/")) {
        continue; // a folder marker of S3A's, without content
      }
      objects++;
      try {
        if (leaks(STACK.store().read(object.location()))) {
          leaks.add(object.location().toString());
        }
      } catch (ObjectNotFound e) {
        // Spark's cleaner was faster; what it deleted cannot leak.
      }
    }
    assertThat(objects).isGreaterThan(20);
    return leaks;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      assertThat(files).isNotEmpty();
      return files;
    }
  }

  private static List<Path> leaks(List<Path> files, boolean json) throws IOException {
    List<Path> leaking = new ArrayList<>();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      if (leaks(bytes) || (json && leaks(new ObjectMapper().readTree(bytes)))) {
        leaking.add(file);
      }
    }
    return leaking;
  }

  private static boolean leaks(JsonNode node) {
    if (node.isTextual() && node.textValue().length() > 16) {
      try {
        return leaks(Base64.getDecoder().decode(node.textValue()));
      } catch (IllegalArgumentException e) {
        return false; // plain text, which was searched as such
      }
    }
    for (JsonNode child : node) {
      if (leaks(child)) {
        return true;
      }
    }
    return false;
  }

  /** As it is, and unpacked when it is what Spark packs broadcasts into. */
  private static boolean leaks(byte[] bytes) {
    return contains(bytes) || contains(unpacked(bytes));
  }

  @SuppressWarnings("deprecation") // as Spark does it
  private static byte[] unpacked(byte[] bytes) {
    try (InputStream in = new LZ4BlockInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    } catch (IOException | RuntimeException e) {
      return new byte[0];
    }
  }

  private static boolean contains(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String wide = text.replace("\0", "");
    return CANARIES.stream().anyMatch(canary -> text.contains(canary) || wide.contains(canary));
  }
}
