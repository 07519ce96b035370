// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.Tasks;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user does wrong, or the world: each a clear error within seconds, never a hang. */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@StoreAccess(
    runs = {"runs", "s3://no-such-bucket-here"},
    data = {"errors", "s3://no-such-bucket-here"})
final class ErrorsIT {
  private static final LambdaStack STACK = LambdaStack.shared();

  @AfterEach
  void stop() {
    SparkSession.getDefaultSession()
        .foreach(
            session -> {
              session.stop();
              return null;
            });
  }

  private static SparkSession session() {
    return LambdaStack.session(STACK.lambdaConf().set("spark.task.maxFailures", "1"));
  }

  private static Dataset<Row> text(SparkSession spark, String manifest) {
    return spark
        .read()
        .format("letsdata-s3")
        .option("manifestText", manifest)
        .option("format", "text")
        .load();
  }

  private static String put(String key, byte[] bytes) throws IOException {
    ObjectLocation location = new ObjectLocation(STACK.bucket(), "errors/" + key);
    STACK.store().put(location, ObjectContent.of(bytes));
    return location.toString();
  }

  /** Every message on the way to the root: what a user reads in the end. */
  private static String whatTheUserReads(ThrowingCallable call) {
    StringWriter text = new StringWriter();
    assertThatThrownBy(call).satisfies(failure -> failure.printStackTrace(new PrintWriter(text)));
    return text.toString();
  }

  private static void assertStartFails(SparkConf conf, String... words) {
    assertThat(whatTheUserReads(() -> LambdaStack.session(conf))).contains(words);
  }

  @Test
  @ExpectedErrors(ExpectedErrors.NO_START)
  void functionThatDoesNotExistIsNamedAtTheStart() {
    assertStartFails(
        STACK.lambdaConf().setMaster("lambda://nobody"), "Function not found", "nobody");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.NO_START)
  void stackThatIsDownIsNamedAtTheStart() throws IOException {
    // Bound and not listening: refuses connections, and nobody else can take the port meanwhile.
    try (Socket reserved = new Socket()) {
      reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertStartFails(
          STACK
              .lambdaConf()
              .set("spark.letsdata.lambda.endpoint", "http://127.0.0.1:" + reserved.getLocalPort())
              .set("spark.letsdata.lambda.unreachable-timeout", "2s"),
          "no response for 2 s",
          "127.0.0.1:" + reserved.getLocalPort());
    }
  }

  @Test
  @ExpectedErrors(ExpectedErrors.NO_START)
  void endpointThatAcceptsAndNeverAnswersIsNoHang() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      assertStartFails(
          STACK
              .lambdaConf()
              .set("spark.letsdata.lambda.endpoint", "http://127.0.0.1:" + silent.getLocalPort()),
          "Cannot invoke function",
          "no response for",
          "127.0.0.1:" + silent.getLocalPort());
    }
  }

  @Test
  @ExpectedErrors(ExpectedErrors.NO_START)
  void runLocationInAWrongBucketIsNamedAtTheStart() {
    assertStartFails(
        STACK.lambdaConf().set("spark.letsdata.run.location", "s3://no-such-bucket-here/runs"),
        "Cannot start: cannot write to s3://no-such-bucket-here/runs");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void missingFileIsNamed() throws IOException {
    String there = put("there.txt", "one\ntwo\n".getBytes(StandardCharsets.UTF_8));
    String gone = "s3://" + STACK.bucket() + "/errors/gone.txt";

    assertThat(whatTheUserReads(() -> text(session(), there + "\n" + gone).count()))
        .contains("errors/gone.txt");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void wrongBucketIsNamed() {
    assertThat(whatTheUserReads(() -> text(session(), "s3://no-such-bucket-here/a.txt").count()))
        .contains("no-such-bucket-here");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void changedObjectIsAnErrorAndNotAMixture() throws IOException {
    byte[] before = "one\ntwo\n".getBytes(StandardCharsets.UTF_8);
    ObjectLocation location = new ObjectLocation(STACK.bucket(), "errors/changed.txt");
    String etag = STACK.store().put(location, ObjectContent.of(before));
    String manifest =
        """
        {"letsdataManifest":1,"id":"x","version":1,"format":"text","options":{},
         "files":[{"location":"%s","lengthBytes":%d,"etag":"%s"}]}
        """
            .formatted(location, before.length, etag);
    Dataset<Row> planned = text(session(), manifest);
    STACK.store().put(location, ObjectContent.of("ONE\nTWO\n".getBytes(StandardCharsets.UTF_8)));

    assertThat(whatTheUserReads(planned::count))
        .contains("errors/changed.txt")
        .contains("changed since planning");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void truncatedGzipIsNamed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 10_000; i++) {
        gzip.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
    String location = put("cut.txt.gz", cut);

    assertThat(whatTheUserReads(() -> text(session(), location).count()))
        .contains("errors/cut.txt.gz");
  }

  @Test
  void emptyManifestIsAnEmptyInput() {
    assertThat(text(session(), "").count()).isZero();
  }

  @Test
  void unknownFormatAndOptionNameTheNearest() {
    SparkSession spark = session();

    assertThat(
            whatTheUserReads(
                () ->
                    spark
                        .read()
                        .format("letsdata-s3")
                        .option("manifestText", "s3://b/k")
                        .option("format", "parket")
                        .load()))
        .contains("parket", "parquet");
    assertThat(
            whatTheUserReads(
                () ->
                    spark
                        .read()
                        .format("letsdata-s3")
                        .option("manifestText", "s3://b/k")
                        .option("format", "text")
                        .option("linesep", "x")
                        .option("lineSeparator", "x")
                        .load()))
        .contains("lineSeparator", "lineSep");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.JOB_ABORTED)
  void usersOwnExceptionArrivesWithItsMessage() {
    SparkSession spark = session();

    assertThat(
            whatTheUserReads(
                () ->
                    spark
                        .sql("select raise_error(concat('my ', 'words')) from range(3)")
                        .collect()))
        .contains("my words");
  }

  @Test
  @ExpectedErrors(ExpectedErrors.NO_START)
  void settingThatCannotBeHonoredIsRefused() {
    assertStartFails(
        STACK.lambdaConf().set("spark.io.encryption.enabled", "true"),
        "spark.io.encryption.enabled is not supported on Lambda");
  }

  @Test
  void barrierStageIsRefusedWithAReason() {
    SparkSession spark = session();
    List<Integer> numbers = List.of(1, 2);

    assertThat(
            whatTheUserReads(
                () ->
                    org.apache.spark.api.java.JavaSparkContext.fromSparkContext(
                            spark.sparkContext())
                        .parallelize(numbers, 2)
                        .rdd()
                        .barrier()
                        .mapPartitions(
                            Tasks.asTheyAre(),
                            false,
                            scala.reflect.ClassTag$.MODULE$.apply(Integer.class))
                        .count()))
        .contains("barrier mode needs tasks that talk to each other");
  }
}
