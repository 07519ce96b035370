// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.UserErrorException;
import java.util.UUID;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.execution.r.MapPartitionsRWrapper;
import org.apache.spark.sql.execution.streaming.StatefulOperatorStateInfo;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

final class StageRulesTest {
  @Test
  @SuppressWarnings("unchecked") // an array of no broadcasts
  void functionInRIsRefusedWithARemedy() {
    var function =
        new MapPartitionsRWrapper(
            new byte[0],
            new byte[0],
            (Broadcast<Object>[]) new Broadcast<?>[0],
            new StructType(),
            new StructType());

    assertThatThrownBy(() -> StageRules.check(function))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("a function written in R")
        .hasMessageContaining("built-in functions");
  }

  @Test
  void stateOfAStreamOnAWorkersDiskIsRefusedWithARemedy() {
    assertThatThrownBy(() -> StageRules.check(state("file:/checkpoint/state")))
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "Cannot keep the state of a stream in file:/checkpoint/state: a worker's own disk ends"
                + " with it. Set checkpointLocation to s3a://<bucket>/<prefix>.");
  }

  private static StatefulOperatorStateInfo state(String location) {
    return new StatefulOperatorStateInfo(location, new UUID(1, 2), 0, 0, 1);
  }

  @Test
  void stageThatWorkersCanRunIsAccepted() {
    assertThatCode(() -> StageRules.check("text")).doesNotThrowAnyException();
    assertThatCode(() -> StageRules.check(state("s3a://b/state"))).doesNotThrowAnyException();
  }
}
