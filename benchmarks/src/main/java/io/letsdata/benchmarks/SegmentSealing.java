// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.protocol.RunKey;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.seal.SealingStream;
import io.letsdata.shuffle.seal.SegmentSeal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The authentication codes of one segment, for its writer and its reader, beside the checksum that
 * both have as well; with the first compiler tier only, as Lambda runs Java.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xmx1g", "-XX:TieredStopAtLevel=1"})
public class SegmentSealing {
  private static final MapRef MAP = new MapRef(7, "0123456789abcdef");
  private static final int PARTITION = 617;
  private static final int WRITE_BYTES = 32 << 10;

  /** Length of the content. */
  @Param({"1024", "65536", "1048576"})
  public int bytes = 1 << 20;

  private final SegmentSeal seal = new SegmentSeal(RunKey.random(), 3);
  private byte[] content = new byte[0];
  private byte[] sealed = new byte[0];

  private void fill() {
    if (content.length != bytes) {
      content = new byte[bytes];
      new Random(bytes).nextBytes(content);
      ByteArrayOutputStream made = new ByteArrayOutputStream();
      try {
        long unusedBytes = sealTo(made);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      sealed = made.toByteArray();
    }
  }

  private long sealTo(OutputStream out) throws IOException {
    SealingStream sealing = seal.sealing(MAP, PARTITION, out);
    for (int from = 0; from < content.length; from += WRITE_BYTES) {
      sealing.write(content, from, Math.min(WRITE_BYTES, content.length - from));
    }
    sealing.close();
    return sealing.contentBytes();
  }

  /** The checksum, for comparison. */
  @Benchmark
  public int checksum() {
    fill();
    return MapObject.crc32c(content, 0, content.length);
  }

  /** A map task, once a segment. */
  @Benchmark
  public long seal() throws IOException {
    fill();
    return sealTo(OutputStream.nullOutputStream());
  }

  /** A reduce task, once a segment. */
  @Benchmark
  public long open() throws IOException {
    fill();
    try (InputStream opened =
        seal.opening(
            MAP, PARTITION, sealed.length, new ByteArrayInputStream(sealed), IOException::new)) {
      return opened.transferTo(OutputStream.nullOutputStream());
    }
  }
}
