// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.store.ObjectLocation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobObjectsTest {
  private static TaskOutput output(int partition, String... keys) {
    return new TaskOutput(
        partition,
        Arrays.stream(keys)
            .<TaskObject>map(key -> new WrittenObject(new ObjectLocation("b", key), 3, "e", 1))
            .toList());
  }

  @Test
  void filesAreInPartitionOrderWhateverTheOrderOfTasks() {
    List<TaskObject> objects =
        JobObjects.inOrder(List.of(output(2, "c"), output(0, "a1", "a2"), output(1)), 3);

    assertThat(objects)
        .extracting(object -> object.location().key())
        .containsExactly("a1", "a2", "c");
  }

  @Test
  void missingOutputIsRefused() {
    assertThatThrownBy(() -> JobObjects.inOrder(Arrays.asList(output(0, "a"), null), 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no output of partition 1 of 2");
  }

  @Test
  void secondOutputOfAPartitionIsRefused() {
    assertThatThrownBy(() -> JobObjects.inOrder(List.of(output(0, "a"), output(0, "b")), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two outputs of partition 0");
  }

  @Test
  void outputBeyondTheStageIsRefused() {
    assertThatThrownBy(() -> JobObjects.inOrder(List.of(output(3, "a")), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("partition 3");
  }

  @Test
  void objectNamedTwiceIsRejected() {
    assertThatThrownBy(() -> JobObjects.inOrder(List.of(output(0, "a"), output(1, "a")), 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("s3://b/a is named twice");
  }
}
