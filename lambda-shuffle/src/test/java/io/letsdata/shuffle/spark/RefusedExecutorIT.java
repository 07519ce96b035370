// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static io.letsdata.shuffle.spark.ShuffleJobs.pairs;
import static io.letsdata.shuffle.spark.ShuffleJobs.partitioner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.spark.ShuffleHarness.Offsets;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** Executors whose role lacks what the driver's has. */
final class RefusedExecutorIT {
  @Test
  void failureOfATaskNamesTheIdentityThePermissionsAndThePrefix() {
    try (ShuffleHarness harness = new ShuffleHarness(Offsets.TABLE, Map.of())) {
      harness.store.beforeReads(
          (location, range) -> {
            throw new AccessDenied("Cannot read " + location + ": refused.");
          });
      assertThatThrownBy(() -> pairs(harness).partitionBy(partitioner(4)).collect())
          .hasMessageContaining("Cannot shuffle over S3 in an executor: Cannot read s3://test/")
          .hasMessageContaining("the identity of its executors")
          .hasMessageContaining(
              "lacks s3:GetObject and s3:ListBucket on "
                  + harness.root()
                  + "/* (spark.letsdata.run.location). Allow it");

      harness.store.beforeWrites(
          location -> {
            throw new AccessDenied("Cannot store " + location + ": refused.");
          });
      assertThatThrownBy(() -> pairs(harness).partitionBy(partitioner(4)).collect())
          .hasMessageContaining("Cannot shuffle over S3 in an executor: Cannot store s3://test/")
          .hasMessageContaining("lacks s3:PutObject on " + harness.root() + "/*");
    }
  }

  @Test
  void failuresInTheDriverAndOtherFailuresAreNotExplained() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.app.id", "app-1")
            .set("spark.driver.host", "localhost")
            .set("spark.driver.port", "1")
            .set("spark.letsdata.s3.region", "us-east-1")
            .set("spark.letsdata.run.location", "s3://b/runs");
    SessionRuntime.claimRoot(conf);
    SessionRuntime executor = SessionRuntime.from(conf, Optional.empty(), Runnable::run);
    ObjectLocation root = executor.root();
    IOException other = new IOException("other");
    AccessDenied refusal = new AccessDenied("Cannot store s3://b/k: 403.");

    assertThat(root.key()).matches("runs/app-1-[0-9a-f]{16}");
    assertThat(executor.explain(other, "s3:PutObject")).isSameAs(other);
    assertThat(executor.explain(refusal, "s3:PutObject"))
        .isInstanceOf(AccessDenied.class)
        .hasCause(refusal);
    assertThat(SessionRuntime.inExecutor(refusal, "s3:PutObject", root, false))
        .hasMessageContaining("403. The identity of the executors");
  }
}
