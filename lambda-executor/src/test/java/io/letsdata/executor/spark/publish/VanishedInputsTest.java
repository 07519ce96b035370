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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VanishedInputsTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  private final List<String> published = new ArrayList<>();
  private final VanishedInputs inputs =
      new VanishedInputs(
          store,
          layout,
          location -> publish("conf", location),
          location -> publish("file", location),
          location -> publish("broadcast", location));

  private void publish(String source, ObjectLocation location) throws IOException {
    published.add(source + " " + location.key());
    String unused = store.put(location, ObjectContent.ofUtf8("again"));
  }

  private static String notFound(String key) {
    return "io.letsdata.store.ObjectNotFound: Cannot read s3://b/" + key + ": there is none.";
  }

  @ParameterizedTest
  @CsvSource({
    "conf, runs/app/conf.json",
    "file, runs/app/file/0123456789abcdef01234567-1764356400000",
    "broadcast, runs/app/broadcast/broadcast_3_piece12"
  })
  void missingObjectIsPublishedAgainBySourceOfItsKind(String source, String key) {
    assertThat(inputs.restore(notFound(key))).isTrue();

    assertThat(published).containsExactly(source + " " + key);
  }

  @Test
  void objectThatIsMissingForTheSecondTimeIsNotPublished() throws IOException {
    assertThat(inputs.restore(notFound("runs/app/conf.json"))).isTrue();
    assertThat(inputs.restore(notFound("runs/app/conf.json"))).isTrue(); // it is there again

    store.delete(List.of(layout.conf()));

    assertThat(inputs.restore(notFound("runs/app/conf.json"))).isFalse();
    assertThat(published).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"runs/other/conf.json", "runs/app/result/1-2", "runs/app/broadcast/x"})
  void otherObjectsAreNotPublished(String key) {
    assertThat(inputs.restore(notFound(key))).isFalse();
    assertThat(inputs.restore("java.lang.ArithmeticException: / by zero")).isFalse();

    assertThat(published).isEmpty();
  }

  @Test
  void failureToPublishIsNoSecondTry() {
    VanishedInputs failing =
        new VanishedInputs(
            store,
            layout,
            location -> {
              throw new IOException("planted");
            },
            location -> {},
            location -> {});

    assertThat(failing.restore(notFound("runs/app/conf.json"))).isFalse();
  }
}
