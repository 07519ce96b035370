// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ErrorLog;
import io.letsdata.it.StoreAccess;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code letsdata gc} in a process of its own, beside a session that runs. */
@Tag("command")
@StoreAccess(runs = "cleanup-runs", data = "s3://no-such-bucket-here", cleaner = true)
class CleanupIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final String RUNS = "cleanup-runs";

  private record Ran(int exitCode, String output) {}

  private static Ran gc(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.letsdata.cli.Main",
                "gc",
                "--run-location",
                "s3://" + STACK.bucket() + "/" + RUNS));
    for (Map.Entry<String, String> setting : STACK.storeProperties().entrySet()) {
      command.add("--conf");
      command.add(setting.getKey() + "=" + setting.getValue());
    }
    command.addAll(List.of("--conf", "spark.letsdata.s3.endpoint=" + STACK.s3Endpoint()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    ErrorLog.judge(output);
    return new Ran(process.waitFor(), output);
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>();
    STACK
        .store()
        .listAll(STACK.bucket(), RUNS + "/")
        .forEachRemaining((ListedObject object) -> keys.add(object.location().key()));
    return keys;
  }

  @Test
  void runningApplicationLosesNothingAndDeadOnesEverything() throws Exception {
    String dead = "letsdata-" + UUID.randomUUID();
    ObjectLocation left = new ObjectLocation(STACK.bucket(), RUNS + "/" + dead + "/result/1");
    var unused = STACK.store().put(left, ObjectContent.ofUtf8("late"));
    var upload = STACK.store().startMultipart(left);
    try (SparkSession spark =
        LambdaStack.session(
            STACK
                .lambdaConf()
                .set("spark.letsdata.run.location", "s3://" + STACK.bucket() + "/" + RUNS)
                .set("spark.cleaner.referenceTracking", "false"))) { // deletes when it likes
      String running = spark.sparkContext().applicationId();
      var grouped = spark.range(0, 1000, 1, 4).groupBy("id").count().persist();
      assertThat(grouped.count()).isEqualTo(1000);
      List<String> before = keys();

      Ran all = gc();
      Ran named = gc("--application", running);
      Ran dry = gc("--application", dead, "--dry-run");

      assertThat(all.output()).contains(running, dead).doesNotContain("deleted");
      assertThat(all.exitCode()).isZero();
      assertThat(named.exitCode()).isEqualTo(1);
      assertThat(named.output())
          .contains("Cannot clean up " + running, "may be running", "--force");
      assertThat(dry.output()).contains(dead, "1 objects, 4 bytes, 1 uploads  would be deleted");
      assertThat(keys()).isEqualTo(before);

      Ran deleted = gc("--application", dead);

      assertThat(deleted.output()).contains("1 objects, 4 bytes, 1 uploads  deleted");
      assertThat(keys()).noneMatch(key -> key.contains(dead));
      assertThat(STACK.store().listUploads(STACK.bucket(), RUNS + "/")).isEmpty();
      assertThat(upload.handle().location()).isEqualTo(left);
      assertThat(grouped.groupBy().sum("count").first().getLong(0)).isEqualTo(1000);
    }
    assertThat(keys()).isEmpty();
  }

  @Test
  void wrongBucketIsNamed() throws Exception {
    Ran ran = gc("--output", "s3://no-such-bucket-here/out");

    assertThat(ran.exitCode()).isNotZero();
    assertThat(ran.output()).contains("no-such-bucket-here");
  }
}
