// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden files: one of each shape, with every field set or, where that is allowed, absent. */
final class MessagesTest {
  private static final Session SESSION =
      new Session(
          "letsdata-0/spark-0/wire-0",
          "letsdata-1",
          "s3://b/runs/letsdata-1",
          Map.of("spark.letsdata.s3.region", "us-east-1"),
          "s3://b/runs/letsdata-1/conf.json",
          new RunKey("a2V5"));

  private static final TaskPayload TASK =
      new TaskPayload(
          SESSION,
          "d1",
          42,
          3,
          7,
          0,
          false,
          900_000,
          2000,
          3000,
          1 << 20,
          Map.of(
              5,
              new ShuffleInput(
                  Blob.of(new byte[] {1, 2}), Blob.at(ObjectLocation.parse("s3://b/o")), "v")),
          Map.of("broadcast_1_piece0", Blob.of(new byte[] {3})),
          List.of(new CachedBlock("rdd_1_2", "s3://b/r", 9)),
          Map.of("spark://driver/jars/a.jar", "s3://b/f"),
          Blob.of(new byte[] {4, 5, 6}));

  static Stream<Arguments> messages() {
    return Stream.of(
        Arguments.of("task-payload", TASK, TaskPayload.class),
        Arguments.of(
            "merge-payload",
            new MergePayload(
                new byte[] {7},
                Blob.at(ObjectLocation.parse("s3://b/o")),
                60_000,
                SESSION,
                "d2",
                4,
                2000,
                Map.of("spark://driver/jars/a.jar", "s3://b/f")),
            MergePayload.class),
        Arguments.of(
            "stored-payload",
            new StoredPayload(
                "s3://b/p", Map.of("spark.letsdata.s3.region", "us-east-1"), new RunKey("a2V5")),
            StoredPayload.class),
        Arguments.of(
            "task-ended",
            new TaskResponse.Ended(
                "d1",
                "i1",
                TaskState.FINISHED,
                Blob.of(new byte[] {1}),
                true,
                null,
                List.of(new byte[] {9, 8}),
                List.of(new CachedBlock("rdd_1_2", "s3://b/r", 9)),
                Map.of("put", 3L),
                null),
            TaskResponse.class),
        Arguments.of(
            "task-denied",
            new TaskResponse.Ended(
                "d1",
                "i1",
                TaskState.FAILED,
                Blob.at(ObjectLocation.parse("s3://b/e")),
                false,
                new Holder("d0", "i0", "r0"),
                List.of(),
                List.of(),
                Map.of(),
                "2026/11/28/[1]ab"),
            TaskResponse.class),
        Arguments.of(
            "task-left-to-other",
            new TaskResponse.LeftToOther("d1", "i2", new Holder("d1", "i1", "r1")),
            TaskResponse.class),
        Arguments.of(
            "task-not-started",
            new TaskResponse.NotStarted("d1", "i1", "driver and worker differ"),
            TaskResponse.class),
        Arguments.of(
            "merge-stored",
            new MergeResponse(new byte[] {7, 8}, null, Map.of("get", 2L)),
            MergeResponse.class),
        Arguments.of(
            "merge-failed",
            new MergeResponse(null, "the object is gone", Map.of()),
            MergeResponse.class));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void jsonOfEachMessageIsThatOfItsGoldenFile(String name, Message message) throws IOException {
    assertThat(Messages.encode(message)).asString().isEqualTo(golden(name));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void goldenFileIsReadBackAsTheMessage(String name, Message message, Class<? extends Message> type)
      throws IOException {
    Message read = Messages.decode(golden(name).getBytes(UTF_8), type);

    assertThat(read).hasSameClassAs(message).usingRecursiveComparison().isEqualTo(message);
  }

  private static String golden(String name) throws IOException {
    try (InputStream file = MessagesTest.class.getResourceAsStream("/golden/" + name + ".json")) {
      assertThat(file).as("golden file of %s", name).isNotNull();
      return new String(file.readAllBytes(), UTF_8);
    }
  }

  @Test
  void fieldOfALaterBuildIsIgnored() throws IOException {
    byte[] json = golden("task-payload").replaceFirst("\\{", "{\"later\":1,").getBytes(UTF_8);

    TaskPayload read = Messages.decode(json, TaskPayload.class);

    assertThat(read).usingRecursiveComparison().isEqualTo(TASK);
  }

  @Test
  void payloadClippedAtAnyByteIsRejected() {
    byte[] json = Messages.encode(TASK);

    for (int length = 0; length < json.length; length++) {
      byte[] clipped = Arrays.copyOf(json, length);
      assertThatThrownBy(() -> Messages.decode(clipped, TaskPayload.class))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void responseOfAnUnknownKindIsRejected() {
    assertThatThrownBy(
            () ->
                Messages.decode(
                    "{\"kind\":\"later\",\"dispatch\":\"d\"}".getBytes(UTF_8), TaskResponse.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("later");
  }

  @Test
  void firstFieldDistinguishesThePayloads() throws IOException {
    for (String name : List.of("task-payload", "merge-payload", "stored-payload")) {
      byte[] json = golden(name).getBytes(UTF_8);

      assertThat(Messages.isMerge(json)).isEqualTo(name.equals("merge-payload"));
      assertThat(Messages.isStoredPayload(json)).isEqualTo(name.equals("stored-payload"));
    }
  }
}
