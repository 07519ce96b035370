// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.format.MapRef;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OffsetsAnswersTest {
  private final OffsetsAnswers answers = new OffsetsAnswers(100);

  @Test
  void answerCountsForItsWinnersAlone() {
    answers.put(1, answer("a", 10));

    assertThat(answers.find(1, "a")).isPresent();
    assertThat(answers.find(1, "b")).isEmpty();
    assertThat(answers.find(2, "a")).isEmpty();
  }

  @Test
  void leastRecentlyAskedGoesWhenBytesExceedTheBound() {
    answers.put(1, answer("a", 60));
    answers.put(2, answer("a", 40));
    assertThat(answers.find(1, "a")).isPresent();

    answers.put(3, answer("a", 30));

    assertThat(answers.find(2, "a")).isEmpty();
    assertThat(answers.retainedBytes()).isEqualTo(90);
    answers.put(4, answer("a", 1_000));
    assertThat(answers.find(4, "a")).isPresent();
    assertThat(answers.retainedBytes()).isEqualTo(1_000);
  }

  @Test
  void forgottenShuffleTakesNoRoom() {
    answers.put(1, answer("a", 60));
    answers.put(1, answer("b", 50));
    assertThat(answers.retainedBytes()).isEqualTo(50);

    answers.forget(1);
    answers.forget(1);

    assertThat(answers.retainedBytes()).isZero();
    assertThat(answers.find(1, "b")).isEmpty();
  }

  @Test
  void digestTellsListsApart() {
    MapRef one = new MapRef(1, "n1");
    MapRef two = new MapRef(2, "n2");

    assertThat(List.of(List.of(one, two), List.of(two, one), List.of(one), List.<MapRef>of()))
        .extracting(OffsetsAnswers::digest)
        .doesNotHaveDuplicates();
    assertThat(OffsetsAnswers.digest(List.of(one, two)))
        .isEqualTo(OffsetsAnswers.digest(List.of(new MapRef(1, "n1"), two)));
  }

  private static OffsetsAnswers.Answer answer(String winners, int bytes) {
    return new OffsetsAnswers.Answer(winners, new byte[bytes], 0);
  }
}
