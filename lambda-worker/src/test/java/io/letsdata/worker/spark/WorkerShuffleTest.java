// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.ShuffleInput;
import io.letsdata.store.ObjectLocation;
import java.util.List;
import java.util.Map;
import org.apache.spark.MapOutputTrackerWorker;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.MapStatus;
import org.junit.jupiter.api.Test;

final class WorkerShuffleTest {
  private final MapOutputTrackerWorker tracker = new MapOutputTrackerWorker(new SparkConf(false));
  private final ObjectLocation root = new ObjectLocation("b", "runs/app");
  private final WorkerShuffle shuffle =
      new WorkerShuffle(
          new InMemoryObjectStore("b"),
          root,
          TestPayloads.KEY,
          () -> {
            throw new IllegalStateException("no task runs");
          });

  private ShuffleInput input(String version) {
    return new ShuffleInput(
        Blob.at(root.resolve("statuses")), Blob.at(root.resolve("offsets")), version);
  }

  private void taskReads(int shuffleId) {
    var unused = tracker.mapStatuses().put(shuffleId, new MapStatus[0]);
  }

  @Test
  void statusesOfShufflesThatTheNextTaskDoesNotReadAreDropped() {
    for (int shuffleId = 0; shuffleId < 5; shuffleId++) {
      shuffle.refresh(Map.of(shuffleId, input("1")), tracker);
      taskReads(shuffleId);
    }

    assertThat(tracker.mapStatuses().size()).isEqualTo(1);
    assertThat(shuffle.offsets(3, List.of(), () -> {})).isEmpty();
    assertThat(shuffle.offsets(4, List.of(), () -> {})).isPresent();
  }

  @Test
  void statusesOfTheSameVersionStayAndOthersAreDropped() {
    shuffle.refresh(Map.of(1, input("1"), 2, input("1")), tracker);
    taskReads(1);
    taskReads(2);

    shuffle.refresh(Map.of(1, input("1"), 2, input("2")), tracker);

    assertThat(tracker.mapStatuses().contains(1)).isTrue();
    assertThat(tracker.mapStatuses().contains(2)).isFalse();
  }
}
