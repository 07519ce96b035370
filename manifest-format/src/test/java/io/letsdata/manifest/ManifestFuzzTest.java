// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are a manifest or a ManifestException that names it. */
class ManifestFuzzTest {
  static Stream<byte[]> kinds() {
    byte[] snapshot = Manifests.toBytes(SnapshotTest.SMALL);
    return Stream.of(
        snapshot,
        gzip(snapshot),
        utf8("# keys\ns3://b/a.csv\nLOG:a.gz|META:b.gz\nplain/key\n"),
        utf8(
            "{\"manifestFile\":{\"manifestType\":\"S3ReaderTextManifestFile\",\"readerType\":"
                + "\"S3READER\",\"region\":\"us-east-1\",\"fileContents\":\"a\\nb\"}}"),
        utf8(
            "{\"manifestType\":\"S3ReaderS3LinkManifestFile\",\"manifestFileS3Uri\":\"s3://b/m\"}"));
  }

  @MethodSource("kinds")
  @FuzzTest
  void anyBytesAreManifestOrManifestException(byte[] bytes) throws Exception {
    ManifestDocument document;
    try {
      document = Manifests.parse(bytes, "m");
    } catch (ManifestException e) {
      assertThat(e).hasMessageStartingWith("Cannot read manifest m");
      return;
    }

    if (document instanceof Snapshot snapshot) {
      assertThat(Manifests.parse(Manifests.toBytes(snapshot), "m")).isEqualTo(snapshot);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
