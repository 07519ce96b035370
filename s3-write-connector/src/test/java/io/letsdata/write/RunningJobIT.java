// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.read.spi.WriteRequest;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreSettings;
import io.letsdata.write.KilledJob.Moment;
import io.letsdata.write.KilledJob.Work;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Dataset$;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.execution.datasources.v2.WriteToDataSourceV2;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Jobs that run, or whose process was killed, beside clean-up, on a real S3 server. Clean-up here
 * takes objects of any age: as if all had happened longer ago than {@code --older-than}, except for
 * the marks, which live for {@link JobMark#LIVES}.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RunningJobIT extends ConnectorFixture {

  private static final class Gate {
    static volatile CountDownLatch open = new CountDownLatch(0);
  }

  private OutputCleanup.Leftovers leftovers(Duration later) throws IOException {
    return OutputCleanup.find(
        store, OutputLayout.of(output), Instant.now().plusSeconds(1).plus(later), Duration.ZERO);
  }

  private static Dataset<Row> withLastPartitionHeld() {
    return spark
        .range(0, 20, 1, 4)
        .map(
            (MapFunction<Long, Long>)
                id -> {
                  if (id >= 15) {
                    Gate.open.await();
                  }
                  return id;
                },
            Encoders.LONG())
        .toDF("id");
  }

  /** As the connector's {@code save} does, with marks more often than each five minutes. */
  @SuppressWarnings("deprecation") // the only plan that takes a batch write as it is
  private void save(Dataset<Row> rows, Duration markEvery) {
    BatchWrite write =
        WritePlan.of(
                new WriteRequest(
                    spark,
                    OutputLayout.of(output),
                    SaveMode.Append,
                    Optional.of(ObjectFormat.JSON),
                    settings(),
                    Map.of()),
                rows.schema())
            .begin(markEvery);
    var unused =
        Dataset$.MODULE$
            .ofRows(
                spark,
                new WriteToDataSourceV2(
                    Option.empty(), write, rows.queryExecution().analyzed(), noMetrics()))
            .collectAsList();
  }

  private static Seq<CustomMetric> noMetrics() {
    return JavaConverters.asScalaBuffer(List.<CustomMetric>of()).toSeq();
  }

  private static StoreSettings settings() {
    return TestIdentity.settings(URI.create(endpoint()));
  }

  private static String endpoint() {
    return spark.conf().get("spark.letsdata.s3.endpoint");
  }

  @Test
  void cleanUpBesideAWriteThatRunsSparesItsObjects() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    Gate.open = gate;
    ExecutorService threads = Executors.newSingleThreadExecutor();
    Future<?> write = threads.submit(() -> save(withLastPartitionHeld(), Duration.ofMillis(100)));
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(5))
          .until(() -> keys("data/").size() == 3 && keys("_letsdata/running/").size() == 1);

      OutputCleanup.Leftovers found = leftovers(Duration.ZERO);
      OutputCleanup.delete(store, found);

      assertThat(found.objects()).isEmpty();
      // Without its mark the job looks like one that was killed.
      assertThat(leftovers(JobMark.LIVES).objects()).hasSizeGreaterThanOrEqualTo(3);
    } finally {
      gate.countDown();
    }
    write.get(5, TimeUnit.MINUTES);
    threads.shutdown();

    assertThat(load().count()).isEqualTo(20);
    assertThat(keys("_letsdata/running/")).isEmpty();
    assertThat(leftovers(JobMark.LIVES).objects()).isEmpty();
  }

  private int run(Work work, String kinds, Moment moment) throws Exception {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledJob.class.getName(),
                endpoint(),
                TestIdentity.file().toString(),
                output,
                work.name(),
                kinds,
                moment.name())
            .redirectErrorStream(true)
            .start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    assertThat(exit).as(log).isEqualTo(moment == Moment.LOST ? exit : KilledJob.KILLED);
    return exit;
  }

  private void store(String key, String content) throws IOException {
    String unused =
        store.put(
            new ObjectLocation(BUCKET, OutputLayout.of(output).prefix() + "/" + key),
            ObjectContent.ofUtf8(content));
  }

  /**
   * The requests of a job with a mark: PUT of the mark, PUT of the manifest, DELETE of the mark.
   */
  @ParameterizedTest
  @CsvSource({
    "PUT, BEFORE, false, false",
    "PUT, AFTER, true, false",
    "PUT-IF-ABSENT, AFTER, true, true",
    "DELETE, AFTER, false, true",
    "'PUT,PUT-IF-ABSENT,DELETE', LOST, false, true"
  })
  void killedJobIsCommittedOrCleanedUpAfterTheLifeOfItsMark(
      String kinds, Moment moment, boolean isMarked, boolean isCommitted) throws Exception {
    int unused = run(Work.COMMIT, kinds, moment);

    assertThat(keys("_letsdata/running/")).hasSize(isMarked ? 1 : 0);
    assertThat(keys("_letsdata/manifests/")).hasSize(isCommitted ? 1 : 0);
    OutputCleanup.delete(store, leftovers(Duration.ZERO));
    assertThat(keys("data/")).hasSize(isMarked || isCommitted ? 1 : 0);
    OutputCleanup.Leftovers later = leftovers(JobMark.LIVES);
    OutputCleanup.delete(store, later);
    assertThat(later.objects())
        .extracting(ListedObject::location)
        .extracting(ObjectLocation::key)
        .noneMatch(key -> isCommitted && key.contains("/data/"));
    assertThat(keys("data/")).hasSize(isCommitted ? 1 : 0);
    assertThat(keys("_letsdata/running/")).isEmpty();
    writer(spark.range(1).selectExpr("'next' as value"), "text", SaveMode.Overwrite).save(output);
    assertThat(load().collectAsList()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"PUT, BEFORE", "PUT, AFTER", "DELETE, AFTER", "'PUT,DELETE', LOST"})
  void recordThatIsRefusedIsSetAsideAlthoughTheProcessWasKilled(String kinds, Moment moment)
      throws Exception {
    store("_letsdata/pending/other.json", "no record");

    int unused = run(Work.RECOVER, kinds, moment);
    var result = OutputRecovery.finishPending(store, OutputLayout.of(output));

    assertThat(result.finished()).isEmpty();
    assertThat(keys("_letsdata/pending/")).isEmpty();
    List<String> refused = keys("_letsdata/refused/");
    assertThat(refused).hasSize(1);
    assertThat(store.readUtf8(new ObjectLocation(BUCKET, refused.get(0)))).isEqualTo("no record");
  }
}
