// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MessagesTest {
  private static final TaskPayload PAYLOAD =
      new TaskPayload(
          Messages.BUILD,
          "letsdata-1",
          "s3://b/runs/letsdata-1",
          Map.of("spark.letsdata.s3.region", "us-east-1"),
          "s3://b/runs/letsdata-1/conf.json",
          "d1",
          42,
          3,
          7,
          0,
          false,
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

  @Test
  void payloadSurvivesItsJson() throws IOException {
    byte[] json = Messages.encode(PAYLOAD);

    TaskPayload read = Messages.decode(json, TaskPayload.class);

    assertThat(read).usingRecursiveComparison().isEqualTo(PAYLOAD);
    assertThat(Messages.isStoredPayload(json)).isFalse();
  }

  @Test
  void payloadClippedAtAnyByteIsRejected() {
    byte[] json = Messages.encode(PAYLOAD);

    for (int length = 0; length < json.length; length++) {
      byte[] clipped = Arrays.copyOf(json, length);
      assertThatThrownBy(() -> Messages.decode(clipped, TaskPayload.class))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void responseSurvivesItsJson() throws IOException {
    TaskResponse response =
        new TaskResponse(
            "d1",
            "i1",
            7,
            "FINISHED",
            Blob.of(new byte[] {1}),
            null,
            true,
            null,
            List.of(new byte[] {9, 8}),
            List.of(),
            Map.of("put", 3L),
            null);

    TaskResponse read = Messages.decode(Messages.encode(response), TaskResponse.class);

    assertThat(read).usingRecursiveComparison().isEqualTo(response);
  }

  @Test
  void storedPayloadIsToldFromAPayload() throws IOException {
    byte[] json = Messages.encode(new StoredPayload("s3://b/p", Map.of()));

    assertThat(Messages.isStoredPayload(json)).isTrue();
    assertThat(new String(json, StandardCharsets.UTF_8)).contains("s3://b/p");
  }
}
