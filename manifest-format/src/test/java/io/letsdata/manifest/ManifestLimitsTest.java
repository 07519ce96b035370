// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small manifest must not take much memory: each limit is checked before memory is used. */
class ManifestLimitsTest {
  private static final long FEW_BYTES = 4L * 1024 * 1024;
  private static final String HEAD =
      "{\"letsdataManifest\":1,\"id\":\"i\",\"version\":1,\"format\":\"csv\",";

  /** Many members of one mebibyte each, which are one text. */
  private static byte[] gzip(long unpackedBytes) throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(member)) {
      out.write("k\n".repeat(512 * 1024).getBytes(UTF_8));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (long unpacked = 0; unpacked < unpackedBytes; unpacked += 1024 * 1024) {
      bytes.write(member.toByteArray());
    }
    return bytes.toByteArray();
  }

  private static long allocatedBy(ThrowingCallable action) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(action)
        .isInstanceOf(ManifestException.class)
        .hasMessage("Cannot read manifest m: larger than 268435456 bytes. Split it into several.");
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void gzipThatUnpacksBeyondTheLimitTakesNoMemory() throws Exception {
    byte[] bomb = gzip(Manifests.MAX_BYTES + 1L);
    assertThat(bomb).hasSizeLessThan(1024 * 1024);

    assertThat(allocatedBy(() -> Manifests.parse(bomb, "m"))).isLessThan(FEW_BYTES);
  }

  @Test
  void plainBytesBeyondTheLimitAreRefusedByTheirLength() throws Exception {
    Manifests.requireSize(Manifests.MAX_BYTES, "m");

    assertThat(allocatedBy(() -> Manifests.requireSize(Manifests.MAX_BYTES + 1L, "m")))
        .isLessThan(FEW_BYTES);
  }

  @Test
  void nestingAndNumbersBeyondTheParsersLimitsAreNamed() {
    String nested = "{\"a\":".repeat(2_000);
    String number = HEAD + "\"x-a\":" + "9".repeat(2_000) + ",\"files\":[]}";

    assertThatThrownBy(() -> Manifests.parse(nested.getBytes(UTF_8), "m"))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("Cannot read manifest m: not JSON, ");
    assertThatThrownBy(() -> Manifests.parse(number.replace("x-a", "rows").getBytes(UTF_8), "m"))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("Cannot read manifest m: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"k1\nk2\nk3", "A:k1|B:k2\nk3", "A:k1|B:k2|C:k3"})
  void listOfMoreKeysThanTheLimitIsRefused(String list) throws Exception {
    assertThat(Manifests.parse(list.getBytes(UTF_8), "m", 3)).isInstanceOf(ObjectList.class);

    assertThatThrownBy(() -> Manifests.parse(list.getBytes(UTF_8), "m", 2))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("more than 2 keys. Split the list into several.");
  }

  @Test
  void snapshotOfMoreObjectsOrStatisticsThanTheLimitIsRefused() throws Exception {
    String objects = HEAD + "\"files\":[{\"location\":\"s3://b/1\"},{\"location\":\"s3://b/2\"}]}";
    String statistics =
        HEAD + "\"files\":[{\"location\":\"s3://b/1\",\"stats\":{\"a\":{},\"b\":{}}}]}";
    assertThat(Manifests.parse(objects.getBytes(UTF_8), "m", 2)).isInstanceOf(Snapshot.class);
    assertThat(Manifests.parse(statistics.getBytes(UTF_8), "m", 2)).isInstanceOf(Snapshot.class);

    assertThatThrownBy(() -> Manifests.parse(objects.getBytes(UTF_8), "m", 1))
        .hasMessageContaining("more than 1 objects. Split it into several.");
    assertThatThrownBy(() -> Manifests.parse(statistics.getBytes(UTF_8), "m", 1))
        .hasMessageContaining("more than 1 column statistics.");
  }

  @Test
  void partsOfASnapshotThatAreLargerThanAnyRealOneAreRefused() {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i <= 100_000; i++) {
      names.append(i == 0 ? "" : ",").append("\"").append(i).append("\":0");
    }
    String ignored = HEAD + "\"x-a\":{" + names + "},\"files\":[]}";
    String options =
        HEAD + "\"options\":{" + names.toString().replace(":0", ":\"\"") + "},\"files\":[]}";
    String schema =
        HEAD + "\"schema\":{\"type\":[" + "\"\",".repeat(6_000_000) + "0]},\"files\":[]}";

    assertThatThrownBy(() -> Manifests.parse(ignored.getBytes(UTF_8), "m"))
        .hasMessageContaining("more than 100000 names in fields that are ignored.");
    assertThatThrownBy(() -> Manifests.parse(options.getBytes(UTF_8), "m"))
        .hasMessageContaining("'options' has more than 1000 fields.");
    assertThatThrownBy(() -> Manifests.parse(schema.getBytes(UTF_8), "m"))
        .hasMessageContaining("'schema' is longer than 16777216 characters.");
  }

  @Test
  void fieldThatIsIgnoredMayHoldAnything() throws Exception {
    String text = HEAD + "\"x-a\":{\"b\":[1,{\"c\":[]}]},\"x-d\":3,\"files\":[]}";

    assertThat(Manifests.parse(text.getBytes(UTF_8), "m")).isInstanceOf(Snapshot.class);
  }

  @Test
  void lineAndDatasetJsonThatAreLargerThanAnyRealOneAreRefused() {
    byte[] line = "k".repeat(1024 * 1024 + 1).getBytes(UTF_8);
    byte[] json = ("{\"manifestType\":\"" + "x".repeat(16 * 1024 * 1024) + "\"}").getBytes(UTF_8);

    assertThatThrownBy(() -> Manifests.parse(line, "m"))
        .hasMessage(
            "Cannot read manifest m: line 1: longer than 1048576 bytes. Put fewer keys on it.");
    assertThatThrownBy(() -> Manifests.parse(json, "m"))
        .hasMessageContaining("LetsData's JSON of more than 16777216 bytes.");
  }
}
