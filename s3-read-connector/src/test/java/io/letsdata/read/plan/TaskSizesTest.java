// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.manifest.ManifestEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Objects become tasks. */
class TaskSizesTest {
  private static List<ManifestEntry> objects(long... lengths) {
    List<ManifestEntry> files = new ArrayList<>();
    for (long length : lengths) {
      String location = "s3://b/" + files.size();
      files.add(
          length < 0
              ? ManifestEntry.of(location)
              : ManifestEntry.pinned(location, length, "e", OptionalLong.empty()));
    }
    return files;
  }

  private static TaskSizes sizes(long splitBytes, long packBytes, long filesPerTask) {
    return new TaskSizes(present(splitBytes), present(packBytes), present(filesPerTask));
  }

  private static Optional<Long> present(long value) {
    return value == 0 ? Optional.empty() : Optional.of(value);
  }

  /** Each task as {@code <object>:<start>-<end>}, with commas. */
  private static List<String> tasks(TaskSizes sizes, List<ManifestEntry> files) {
    return tasks(sizes, files, file -> "");
  }

  private static List<String> tasks(
      TaskSizes sizes, List<ManifestEntry> files, Function<ManifestEntry, ?> group) {
    return sizes.tasks(files, file -> true, 4, group).stream()
        .map(
            task ->
                String.join(
                    ",",
                    task.stream()
                        .map(
                            p ->
                                p.file().key()
                                    + ":"
                                    + p.startByte()
                                    + "-"
                                    + (p.endByte() == Piece.TO_THE_END ? "" : p.endByte()))
                        .toList()))
        .toList();
  }

  @Test
  void byDefaultEachObjectIsOneTask() {
    assertThat(tasks(TaskSizes.ONE_OBJECT, objects(10, 0, -1)))
        .containsExactly("0:0-", "1:0-", "2:0-");
    assertThat(tasks(TaskSizes.ONE_OBJECT, objects())).isEmpty();
  }

  @Test
  void longObjectsAreSplitEvenlyAndShortOnesPacked() {
    assertThat(tasks(sizes(100, 70, 0), objects(250, 30, 30, 30)))
        .containsExactly("0:0-84", "0:84-168", "0:168-", "1:0-,2:0-", "3:0-");
  }

  @Test
  void numberOfObjectsLimitsATaskToo() {
    assertThat(tasks(sizes(0, 0, 2), objects(5, -1, 5))).containsExactly("0:0-,1:0-", "2:0-");
    assertThat(tasks(sizes(0, 1000, 2), objects(5, 5, 5))).containsExactly("0:0-,1:0-", "2:0-");
  }

  @Test
  void objectOfUnknownLengthIsNeitherSplitNorPackedByBytes() {
    assertThat(tasks(sizes(10, 100, 0), objects(5, -1, 5))).containsExactly("0:0-", "1:0-", "2:0-");
  }

  @Test
  void objectsOfDifferentGroupsAreNotPacked() {
    assertThat(tasks(sizes(0, 0, 10), objects(1, 1, 1, 1), file -> file.key().compareTo("2") < 0))
        .containsExactly("0:0-,1:0-", "2:0-,3:0-");
  }

  @Test
  void objectThatCannotBeSplitStaysWhole() {
    assertThat(sizes(10, 0, 0).tasks(objects(100), file -> false, 4, file -> ""))
        .containsExactly(List.of(Piece.whole(objects(100).get(0))));
  }

  @Test
  void piecesOfEveryLengthCoverTheObjectOnce() {
    for (long length = 1; length < 60; length++) {
      for (long split = 1; split < 20; split++) {
        List<List<Piece>> tasks =
            sizes(split, 0, 0).tasks(objects(length), file -> true, 4, file -> "");
        long at = 0;
        for (List<Piece> task : tasks) {
          assertThat(task.get(0).startByte()).isEqualTo(at);
          assertThat(Math.min(task.get(0).endByte(), length) - at).isBetween(1L, split);
          at = task.get(0).endByte();
        }
        assertThat(at).isEqualTo(Piece.TO_THE_END);
      }
    }
  }
}
