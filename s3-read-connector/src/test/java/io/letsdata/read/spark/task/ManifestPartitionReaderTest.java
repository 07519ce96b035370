// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.read.errors.TaskErrors;
import io.letsdata.read.warc.WarcRecords;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.Objects;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netpreserve.jwarc.ParsingException;

class ManifestPartitionReaderTest {
  private static final ObjectSlice OBJECT = ObjectSlice.of(ManifestEntry.of("s3://b/in/x"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1}",
        "<html>Access Denied</html>",
        "WARC/1.0\r\nno colon\r\n\r\n",
        "ARC/1.0\r\n\r\n",
        "(\u00b5/\u00fd"
      })
  void errorOfAWarcHeaderHasOnlyClassesOfTheDriver(String text) throws Exception {
    Throwable thrown =
        failureOf(
            () -> {
              new WarcRecords(new ByteArrayInputStream(text.getBytes(ISO_8859_1))).next();
              throw new AssertionError("no error");
            });

    assertThat(thrown).hasMessageStartingWith("Cannot read s3://b/in/x as warc: ");
    assertThat(serialized(thrown)).doesNotContain("org.netpreserve");
  }

  @Test
  void causeThatADriverMayLackBecomesText() throws Exception {
    ParsingException foreign = new ParsingException("bad header");
    IOException inner = new IOException("while reading", foreign);
    inner.addSuppressed(new ParsingException("also bad"));

    Throwable thrown =
        failureOf(
            () -> {
              throw inner;
            });

    assertThat(serialized(thrown))
        .doesNotContain("Lorg/netpreserve")
        .contains("org.netpreserve.jwarc.ParsingException: bad header")
        .contains("also bad");
    assertThat(Objects.requireNonNull(thrown.getCause()).getStackTrace())
        .isEqualTo(inner.getStackTrace());
    assertThat(new ObjectInputStreamWithoutJwarc(bytes(thrown)).readObject()).isNotNull();
  }

  @Test
  void causeThatEveryDriverHasIsKept() {
    IOException known = new IOException("while reading", new IllegalStateException("x"));

    assertThat(
            failureOf(
                () -> {
                  throw known;
                }))
        .hasCause(known);
  }

  private static Throwable failureOf(ManifestPartitionReader.Opener<Object> opener) {
    PartitionReader<Object> reader =
        new ManifestPartitionReader<>(OBJECT, "warc", IgnoredFiles.NONE, TaskErrors.NONE, opener);
    return catchThrowable(reader::next);
  }

  private static byte[] bytes(Throwable thrown) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(thrown);
    }
    return bytes.toByteArray();
  }

  private static String serialized(Throwable thrown) throws IOException {
    return new String(bytes(thrown), UTF_8);
  }

  /** Reads as a driver does that has no jwarc on its class path. */
  private static final class ObjectInputStreamWithoutJwarc extends java.io.ObjectInputStream {
    ObjectInputStreamWithoutJwarc(byte[] bytes) throws IOException {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    protected Class<?> resolveClass(java.io.ObjectStreamClass type)
        throws IOException, ClassNotFoundException {
      if (type.getName().startsWith("org.netpreserve")) {
        throw new ClassNotFoundException(type.getName());
      }
      return super.resolveClass(type);
    }
  }
}
