// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are a whole message of the protocol or an IOException. */
class MessageFuzzTest {
  static Stream<byte[]> goldenMessages() {
    return Stream.of(
            "merge-payload", "merge-stored", "stored-payload", "task-ended", "task-payload")
        .map(MessageFuzzTest::golden);
  }

  @MethodSource("goldenMessages")
  @FuzzTest
  void anyBytesAreWholeMessageOrIOException(byte[] bytes) {
    // Not a constant: the JVM fails when Jazzer instruments a record that was loaded before.
    List<Class<? extends Message>> types =
        List.of(
            TaskPayload.class,
            MergePayload.class,
            StoredPayload.class,
            TaskResponse.class,
            MergeResponse.class);
    for (Class<? extends Message> type : types) {
      try {
        Message message = Messages.decode(bytes, type);

        byte[] encoded = Messages.encode(message);
        assertThat(Messages.encode(Messages.decode(encoded, type))).isEqualTo(encoded);
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private static byte[] golden(String name) {
    try (InputStream in = MessageFuzzTest.class.getResourceAsStream("/golden/" + name + ".json")) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
