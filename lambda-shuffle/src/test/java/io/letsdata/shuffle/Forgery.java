// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle;

import io.letsdata.fixtures.store.ForgedBytes;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MergedObject;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.format.ShuffleFormatException;
import java.nio.ByteBuffer;

/**
 * Shuffle objects as someone makes them who knows the format and not the key: other content under
 * the same lengths and the same checksums, which need no key. Stateless.
 */
public final class Forgery {
  private Forgery() {}

  /**
   * Replaces each segment of a map output's object, or of a merged object, as far as it is long
   * enough.
   *
   * @param partitions of the shuffle
   * @param content what each segment begins with
   */
  public static byte[] of(byte[] object, int partitions, byte[] content)
      throws ShuffleFormatException {
    byte[] forged = object.clone();
    if (isMerged(object)) {
      int start = 0;
      for (MergedObject.Entry entry : MergedObject.parse(object).entries()) {
        boolean unusedFits = ForgedBytes.replace(forged, start, entry.lengthBytes(), content);
        start += entry.lengthBytes();
      }
    } else {
      MapOutput output = MapObject.parse(object, object.length, partitions);
      for (Segment segment : output.segments(0, output.lengths().length)) {
        int start = Math.toIntExact(segment.start());
        boolean unusedFits =
            ForgedBytes.replace(forged, start, Math.toIntExact(segment.lengthBytes()), content);
      }
    }
    return forged;
  }

  /**
   * The segments of another map output of the same lengths, under an index with their checksums.
   */
  public static byte[] withSegmentsOf(byte[] object, int partitions, byte[] other)
      throws ShuffleFormatException {
    MapOutput own = MapObject.parse(object, object.length, partitions);
    MapOutput taken = MapObject.parse(other, other.length, partitions);
    byte[] tail =
        MapObject.tail(
            new MapOutput(
                own.shuffleId(), own.mapId(), own.nonce(), taken.lengths(), taken.crc32c()));
    return ByteBuffer.allocate(Math.toIntExact(taken.totalBytes()) + tail.length)
        .put(other, 0, Math.toIntExact(taken.totalBytes()))
        .put(tail)
        .array();
  }

  private static boolean isMerged(byte[] object) {
    return object[object.length - 1] == 'G'; // LDSHUFMG, not LDSHUFMO
  }
}
