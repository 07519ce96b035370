// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.Tasks;
import io.letsdata.local.admin.Fault;
import io.letsdata.local.admin.Fault.Kind;
import io.letsdata.local.admin.InvocationRecord;
import io.letsdata.store.ObjectContent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers that die, answers that get lost, invocations that run twice or wake up late. */
@Tag("faults")
@StoreAccess(data = "faults")
final class FaultsIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static SparkSession spark =
      SparkSession.builder().config(STACK.lambdaConf()).getOrCreate();

  /** Both ways to write, which commit by different protocols. */
  enum Writer {
    CONNECTOR {
      @Override
      void write(Dataset<?> rows, String path) {
        rows.write()
            .format("letsdata-s3")
            .option("format", "parquet")
            .mode("append")
            .save("s3://" + path);
      }

      @Override
      Dataset<Long> read(String path) {
        return longs(spark.read().format("letsdata-s3").load("s3://" + path));
      }
    },
    S3A {
      @Override
      void write(Dataset<?> rows, String path) {
        rows.write().mode("append").parquet("s3a://" + path);
      }

      @Override
      Dataset<Long> read(String path) {
        return longs(spark.read().parquet("s3a://" + path));
      }
    };

    abstract void write(Dataset<?> rows, String path);

    abstract Dataset<Long> read(String path);

    private static Dataset<Long> longs(Dataset<?> rows) {
      return rows.as(Encoders.LONG());
    }
  }

  @BeforeAll
  static void warm() {
    assertThat(numbers().count()).isEqualTo(1000);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @AfterEach
  void noFaultIsLeft() throws IOException {
    assertThat(STACK.admin().pendingFaults()).isEmpty();
    STACK.admin().clearFaults();
  }

  private static Dataset<Long> numbers() {
    return spark.range(0, 1000, 1, 4).as(Encoders.LONG());
  }

  private static String output() {
    return STACK.bucket() + "/faults/" + UUID.randomUUID();
  }

  private static List<InvocationRecord> invocationsSince(int before) throws IOException {
    List<InvocationRecord> all = STACK.admin().invocations();
    return all.subList(before, all.size());
  }

  @Test
  void workerKilledInAMapTaskIsReplaced() {
    Dataset<Long> dying = numbers().mapPartitions(Tasks.dieOnce(1, 100), Encoders.LONG());

    long sum = dying.repartition(3).agg(functions.sum("value")).first().getLong(0);

    assertThat(sum).isEqualTo(499_500);
  }

  @Test
  void workerKilledInAReduceTaskIsReplaced() {
    Dataset<Long> dying =
        numbers().repartition(3).mapPartitions(Tasks.dieOnce(2, 50), Encoders.LONG());

    long sum = dying.agg(functions.sum("value")).first().getLong(0);

    assertThat(sum).isEqualTo(499_500);
  }

  @ParameterizedTest
  @EnumSource(Writer.class)
  void workerKilledInAWriteLeavesEachRowOnce(Writer writer) {
    String out = output();

    writer.write(
        numbers().repartition(3).mapPartitions(Tasks.dieOnce(1, 50), Encoders.LONG()), out);

    assertThat(writer.read(out).collectAsList())
        .containsExactlyInAnyOrderElementsOf(numbers().collectAsList());
  }

  @ParameterizedTest
  @EnumSource(Writer.class)
  void lostAnswerOfALongTaskIsFoundInTheStore(Writer writer) throws IOException {
    String out = output();
    int before = STACK.admin().invocations().size();
    STACK.admin().plan(Fault.next(Kind.ANSWER_LOST));

    writer.write(numbers().coalesce(1).mapPartitions(Tasks.slowly(3_000), Encoders.LONG()), out);

    assertThat(invocationsSince(before)).hasSize(1);
    assertThat(writer.read(out).count()).isEqualTo(1000);
  }

  @ParameterizedTest
  @EnumSource(Writer.class)
  void lostAnswerOfAShortTaskCostsOneMoreRun(Writer writer) throws IOException {
    String out = output();
    STACK.admin().plan(Fault.next(Kind.ANSWER_LOST));

    writer.write(numbers().coalesce(1), out);

    assertThat(writer.read(out).collectAsList())
        .containsExactlyInAnyOrderElementsOf(numbers().collectAsList());
  }

  @ParameterizedTest
  @EnumSource(Writer.class)
  void longTaskRunTwiceEndsWithTheRunThatCommits(Writer writer) throws IOException {
    String out = output();
    // Both runs end beyond the 2 s after which answers are stored; the one that is denied ends
    // first.
    STACK.admin().plan(Fault.next(Kind.DUPLICATE_FIRST));

    writer.write(numbers().coalesce(1).mapPartitions(Tasks.slowly(2_500), Encoders.LONG()), out);

    assertThat(writer.read(out).collectAsList())
        .containsExactlyInAnyOrderElementsOf(numbers().collectAsList());
  }

  @ParameterizedTest
  @EnumSource(Writer.class)
  void everyAttemptRunTwiceLeavesEachRowOnce(Writer writer) throws IOException {
    String out = output();
    STACK.admin().plan(Fault.next(Kind.DUPLICATE_FIRST).times(2));
    STACK.admin().plan(Fault.next(Kind.DUPLICATE_LAST).times(5));

    writer.write(numbers().repartition(3), out);

    assertThat(writer.read(out).collectAsList())
        .containsExactlyInAnyOrderElementsOf(numbers().collectAsList());
  }

  @Test
  void hadoopsRddWriterRunTwiceLeavesEachRowOnce() throws IOException {
    String out = "s3a://" + output();
    STACK.admin().plan(Fault.next(Kind.DUPLICATE_FIRST));
    STACK.admin().plan(Fault.next(Kind.DUPLICATE_LAST).times(2));

    numbers().javaRDD().coalesce(3).saveAsTextFile(out);

    assertThat(spark.read().text(out).as(Encoders.STRING()).collectAsList())
        .containsExactlyInAnyOrderElementsOf(
            numbers().collectAsList().stream().map(String::valueOf).toList());
  }

  @ParameterizedTest
  @EnumSource(Writer.class)
  void zombieThatCommitsAfterTheJobChangesNothing(Writer writer) throws IOException {
    String out = output();
    STACK.store().delete(List.of(Tasks.first(STACK.bucket()), Tasks.released(STACK.bucket())));
    int before = STACK.admin().invocations().size();
    STACK.admin().plan(Fault.next(Kind.DUPLICATE_FIRST));

    writer.write(
        numbers()
            .coalesce(1)
            .mapPartitions(
                Tasks.zombie(STACK.storeProperties(), STACK.bucket(), 0), Encoders.LONG()),
        out);
    List<Long> committed = writer.read(out).collectAsList();
    STACK.store().put(Tasks.released(STACK.bucket()), ObjectContent.ofUtf8("go"));
    await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> invocationsSince(before).stream().filter(i -> i.fault() != null).count() == 2);

    assertThat(writer.read(out).collectAsList()).containsExactlyInAnyOrderElementsOf(committed);
    assertThat(committed).hasSize(1000);
  }

  @Test
  void throttlingAndServiceErrorsNeverFailATask() throws IOException {
    STACK.admin().plan(Fault.next(Kind.THROTTLE).times(6));
    STACK.admin().plan(Fault.next(Kind.SERVICE_ERROR).times(3));
    STACK.admin().plan(Fault.next(Kind.SERVICE_ERROR_AFTER).times(2));

    assertThat(numbers().repartition(3).count()).isEqualTo(1000);
  }
}
