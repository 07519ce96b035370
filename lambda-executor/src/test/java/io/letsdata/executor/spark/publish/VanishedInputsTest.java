// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VanishedInputsTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  private final ObjectLocation conf = layout.conf();
  private final List<ObjectLocation> files = new ArrayList<>();
  private final List<ObjectLocation> pieces = new ArrayList<>();
  private final List<ObjectLocation> published = new ArrayList<>();
  private long nowNanos;
  private final VanishedInputs inputs =
      new VanishedInputs(
          store,
          layout,
          () -> nowNanos,
          List.of(
              new VanishedInputs.Source(() -> List.of(conf), this::publish),
              new VanishedInputs.Source(() -> files, this::publish),
              new VanishedInputs.Source(() -> pieces, this::publishBroadcast)));

  private void publish(ObjectLocation location) throws IOException {
    published.add(location);
    String unused = store.put(location, ObjectContent.ofUtf8("again"));
  }

  /** As the publisher of broadcasts does: a broadcast as a whole. */
  private void publishBroadcast(ObjectLocation piece) throws IOException {
    String broadcast = piece.key().replaceFirst("_piece\\d+$", "_");
    for (ObjectLocation other : pieces) {
      if (other.key().startsWith(broadcast)) {
        publish(other);
      }
    }
  }

  private static ObjectLocation at(String key) {
    return new ObjectLocation("b", key);
  }

  private static String notFound(String key) {
    return "io.letsdata.store.ObjectNotFound: Cannot read s3://b/" + key + ": there is none.";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runs/app/conf.json",
        "runs/app/file/0123456789abcdef01234567-1764356400000",
        "runs/app/broadcast/broadcast_3_piece12"
      })
  void missingObjectIsPublishedAgain(String key) throws IOException {
    files.add(at("runs/app/file/0123456789abcdef01234567-1764356400000"));
    pieces.add(at("runs/app/broadcast/broadcast_3_piece12"));
    publish(conf);
    publish(files.get(0));
    publish(pieces.get(0));
    published.clear();
    store.delete(List.of(at(key)));

    assertThat(inputs.restore(notFound(key))).isTrue();

    assertThat(published).containsExactly(at(key));
  }

  @Test
  void allMissingObjectsArePublishedAgainHoweverMany() throws IOException {
    for (int i = 0; i < 50; i++) {
      files.add(at("runs/app/file/0123456789abcdef01234567-" + i));
      pieces.add(at("runs/app/broadcast/broadcast_" + i / 5 + "_piece" + i % 5));
    }
    publish(files.get(7));
    published.clear();

    assertThat(inputs.restore(notFound("runs/app/broadcast/broadcast_3_piece1"))).isTrue();

    assertThat(published)
        .doesNotHaveDuplicates()
        .contains(conf)
        .containsAll(pieces)
        .hasSize(1 + 49 + 50);
  }

  @Test
  void objectThatIsMissingForTheSecondTimeIsNotPublishedSoonAfter() throws IOException {
    assertThat(inputs.restore(notFound("runs/app/conf.json"))).isTrue();
    assertThat(inputs.restore(notFound("runs/app/conf.json"))).isTrue(); // it is there again

    store.delete(List.of(conf));

    assertThat(inputs.restore(notFound("runs/app/conf.json"))).isFalse();
    assertThat(published).hasSize(1);
  }

  @Test
  void objectThatIsDeletedEachDayIsPublishedEachDay() throws IOException {
    for (int day = 0; day < 3; day++) {
      store.delete(List.of(conf));

      assertThat(inputs.restore(notFound("runs/app/conf.json"))).isTrue();

      nowNanos += TimeUnit.DAYS.toNanos(1);
    }
    assertThat(published).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs/other/conf.json", "runs/app/result/1-2", "runs/app/broadcast/x"})
  void otherObjectsAreNotPublished(String key) {
    assertThat(inputs.restore(notFound(key))).isFalse();
    assertThat(inputs.restore("java.lang.ArithmeticException: / by zero")).isFalse();

    assertThat(published).isEmpty();
  }

  @Test
  void pieceOfABroadcastThatIsDestroyedStaysMissing() {
    assertThat(inputs.restore(notFound("runs/app/broadcast/broadcast_9_piece0"))).isFalse();
  }

  @Test
  void failureToPublishIsNoSecondTry() {
    VanishedInputs failing =
        new VanishedInputs(
            store,
            layout,
            () -> nowNanos,
            List.of(
                new VanishedInputs.Source(
                    () -> List.of(conf),
                    location -> {
                      throw new IOException("planted");
                    })));

    assertThat(failing.restore(notFound("runs/app/conf.json"))).isFalse();
  }
}
