// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.seal;

import io.letsdata.options.Internal;
import io.letsdata.protocol.SipHash;
import io.letsdata.shuffle.format.MapRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The codes of the blocks of one segment, in order: SPEC.md section 8. A code covers the place (the
 * shuffle, the execution of the map attempt, the partition, the number of the block) and the end
 * (the block's length, and whether it is the last), so that no block of another place passes for
 * this one, and none can be left out. Not thread-safe.
 */
@Internal
public final class BlockCodes {
  /** Of the segment's place, which each block begins with. */
  private final SipHash place;

  private SipHash mac;
  private long block;
  private int blockBytes;

  /**
   * @param mac has the purpose in it; not used after this
   */
  BlockCodes(SipHash mac, int shuffleId, MapRef map, int partition) {
    byte[] nonce = map.nonce().getBytes(StandardCharsets.US_ASCII);
    mac.update(
        ByteBuffer.allocate(Integer.BYTES + Long.BYTES + 1 + nonce.length + Integer.BYTES)
            .putInt(shuffleId)
            .putLong(map.mapId())
            .put((byte) nonce.length)
            .put(nonce)
            .putInt(partition)
            .array());
    this.place = mac;
    this.mac = blockMac();
  }

  private SipHash blockMac() {
    SipHash begun = place.copy();
    begun.update(ByteBuffer.allocate(Long.BYTES).putLong(block).array());
    return begun;
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
    byte[] code = mac.code();
    block++;
    blockBytes = 0;
    mac = blockMac();
    return code;
  }
}
