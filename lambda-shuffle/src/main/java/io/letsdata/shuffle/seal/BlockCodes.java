// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.seal;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * The codes of the blocks of one segment, in order: SPEC.md section 8. A code covers the place (the
 * shuffle, the execution of the map attempt, the partition, the number of the block) and the end
 * (the block's length, and whether it is the last), so that no block of another place passes for
 * this one, and none can be left out. Not thread-safe.
 */
@Internal
public final class BlockCodes {
  private final Mac mac;
  private final byte[] place;
  private long block;
  private int blockBytes;

  /**
   * @param mac keyed, with the purpose in it
   */
  BlockCodes(Mac mac, int shuffleId, MapRef map, int partition) {
    byte[] nonce = map.nonce().getBytes(StandardCharsets.US_ASCII);
    this.mac = mac;
    this.place =
        ByteBuffer.allocate(Integer.BYTES + Long.BYTES + 1 + nonce.length + Integer.BYTES)
            .putInt(shuffleId)
            .putLong(map.mapId())
            .put((byte) nonce.length)
            .put(nonce)
            .putInt(partition)
            .array();
    begin();
  }

  private void begin() {
    mac.update(place);
    mac.update(ByteBuffer.allocate(Long.BYTES).putLong(block).array());
    blockBytes = 0;
  }

  /** Bytes of the current block so far. */
  public int blockBytes() {
    return blockBytes;
  }

  /** More of the current block, which must not get longer than a block is. */
  public void update(byte[] bytes, int offset, int length) {
    mac.update(bytes, offset, length);
    blockBytes += length;
  }

  /**
   * Ends the current block and begins the next.
   *
   * @param last whether the segment ends here
   */
  public byte[] code(boolean last) {
    mac.update(
        ByteBuffer.allocate(Integer.BYTES + 1)
            .putInt(blockBytes)
            .put((byte) (last ? 1 : 0))
            .array());
    byte[] code = Arrays.copyOf(mac.doFinal(), SegmentSeal.CODE_BYTES);
    block++;
    begin();
    return code;
  }
}
