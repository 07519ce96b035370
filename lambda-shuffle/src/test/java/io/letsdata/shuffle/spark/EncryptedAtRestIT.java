// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.http.RecordingServer;
import io.letsdata.fixtures.http.RecordingServer.Recorded;
import io.letsdata.fixtures.store.TestIdentity;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** What a session's setting makes of the shuffle's own requests. */
final class EncryptedAtRestIT {
  private static final String ENCRYPTION = "x-amz-server-side-encryption";
  private static final String KEY = "arn:aws:kms:eu-west-1:111122223333:key/of-the-shuffle";

  @Test
  void keyOfKmsIsNamedByTheShufflesPutsAndUploads() throws Exception {
    try (RecordingServer server = RecordingServer.start()) {
      try (JavaSparkContext spark = new JavaSparkContext(conf(server))) {
        writeMapOutputs(spark);
      }

      List<Recorded> writes =
          server.requests().stream()
              .filter(request -> !request.query().startsWith("delete"))
              .filter(request -> !request.method().equals("GET")) // the end looks for leftovers
              .toList();
      assertThat(writes)
          .filteredOn(EncryptedAtRestIT::isOfAnUpload)
          .extracting(Recorded::method)
          .contains("PUT")
          .endsWith("POST");
      List<Recorded> making = writes.stream().filter(request -> !isOfAnUpload(request)).toList();
      assertThat(making).extracting(Recorded::method).containsExactlyInAnyOrder("PUT", "POST");
      assertThat(making)
          .allSatisfy(
              request -> {
                assertThat(request.header(ENCRYPTION)).hasValue("aws:kms");
                assertThat(request.header(ENCRYPTION + "-aws-kms-key-id")).hasValue(KEY);
                assertThat(request.header(ENCRYPTION + "-bucket-key-enabled")).hasValue("true");
              });
    }
  }

  /** One output that is a PUT, and one above eight parts. */
  private static void writeMapOutputs(JavaSparkContext spark) throws Exception {
    JavaPairRDD<Integer, byte[]> shuffled =
        spark
            .parallelize(List.of(1, 42), 2)
            .flatMapToPair(
                megabytes ->
                    Stream.generate(() -> new Tuple2<>(megabytes, blob()))
                        .limit(megabytes)
                        .iterator())
            .partitionBy(new HashPartitioner(2));
    var dependency = (ShuffleDependency<?, ?, ?>) shuffled.rdd().dependencies().head();
    var unused = spark.sc().submitMapStage(dependency).get();
  }

  private static byte[] blob() {
    byte[] blob = new byte[1 << 20];
    new Random(1).nextBytes(blob);
    return blob;
  }

  private static SparkConf conf(RecordingServer server) {
    SparkConf conf =
        new SparkConf()
            .setAppName("encrypted at rest")
            .setMaster("local[2]")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.shuffle.manager", S3ShuffleManager.class.getName())
            .set("spark.shuffle.compress", "false")
            .set("spark.letsdata.run.location", "s3://runs/all")
            .set("spark.letsdata.shuffle.start-check", "false") // nothing can be read there
            .set("spark.letsdata.shuffle.hedge-share", "0")
            .set("spark.letsdata.shuffle.part-size", "5m");
    TestIdentity.settings(server.endpoint()).toProperties().forEach(conf::set);
    return conf.set("spark.letsdata.s3.encryption", "sse-kms")
        .set("spark.letsdata.s3.kms-key", KEY);
  }

  private static boolean isOfAnUpload(Recorded request) {
    return request.query().contains("uploadId=");
  }
}
