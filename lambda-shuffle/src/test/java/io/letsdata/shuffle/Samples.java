// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle;

import io.letsdata.protocol.RunKey;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.seal.SealingStream;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.store.ObjectLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;

/** Generated values; the same seed gives the same. */
public final class Samples {
  public static final ShuffleLayout LAYOUT =
      new ShuffleLayout(ObjectLocation.parse("s3://test/run"));

  /** The codes of shuffle 0. */
  public static final SegmentSeal SEAL = new SegmentSeal(RunKey.random(), 0);

  private Samples() {}

  /** The sealed segment of partition {@code partition} with this content. */
  public static byte[] sealed(MapRef map, int partition, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SealingStream sealing = SEAL.sealing(map, partition, bytes)) {
      sealing.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Lengths from none to terabytes, a third of them 0. */
  public static MapOutput output(int seed, int partitions) {
    Random random = new Random(seed);
    long[] lengths = new long[partitions];
    int[] crc32c = new int[partitions];
    for (int i = 0; i < partitions; i++) {
      if (random.nextInt(3) > 0) {
        lengths[i] = 1 + (random.nextLong() & 0x3FF_FFFF_FFFFL >>> random.nextInt(42));
        crc32c[i] = random.nextInt();
      }
    }
    return new MapOutput(3, seed, "n" + seed, lengths, crc32c);
  }
}
