// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.seal;

import io.letsdata.options.Internal;
import io.letsdata.protocol.RunKey;
import io.letsdata.protocol.SipHash;
import io.letsdata.shuffle.format.MapRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Function;

/**
 * Makes and verifies the authentication codes of one shuffle's segments: SPEC.md section 8. A
 * writer to the bucket that does not know the application's key cannot make bytes that a decoder
 * sees. Thread-safe; no request.
 *
 * <p>A sealed segment is its content in blocks of {@value #BLOCK_BYTES} bytes, the last one
 * shorter, each followed by a code of {@value #CODE_BYTES} bytes. Example: content of 100,000 bytes
 * is a block of 65,536, a code, a block of 34,464, a code; together 100,032.
 */
@Internal
public final class SegmentSeal {
  /** The most that a reader holds back until it is verified. */
  public static final int BLOCK_BYTES = 64 << 10;

  /** SipHash with 128 bits: forging one takes 2^128 tries, each of which costs a task. */
  public static final int CODE_BYTES = SipHash.CODE_BYTES;

  private static final int SEALED_BLOCK_BYTES = BLOCK_BYTES + CODE_BYTES;
  private static final int VERSION = 2;
  private static final String PURPOSE = "letsdata shuffle segment " + VERSION;

  private final int shuffleId;

  /** Copied for each segment, and never changed. */
  private final SipHash keyed;

  /**
   * @param key of the application
   * @throws IllegalStateException when there is no key
   */
  public SegmentSeal(RunKey key, int shuffleId) {
    this.shuffleId = shuffleId;
    this.keyed = key.mac(PURPOSE);
  }

  /** Seals what is written to it; its close writes the last code and leaves {@code out} open. */
  public SealingStream sealing(MapRef map, int partition, OutputStream out) {
    return new SealingStream(codes(map, partition), out);
  }

  /**
   * The content of a sealed segment; each block is verified before its first byte is given.
   *
   * @param sealedBytes length of the sealed segment, from the driver's or the object's index
   * @param refusal makes the exception of its reads, from the reason, when a code is wrong
   */
  public InputStream opening(
      MapRef map,
      int partition,
      long sealedBytes,
      InputStream sealed,
      Function<String, IOException> refusal) {
    return new OpeningStream(codes(map, partition), sealedBytes, sealed, refusal);
  }

  /** The codes of one segment's blocks. */
  public BlockCodes codes(MapRef map, int partition) {
    return new BlockCodes(keyed.copy(), shuffleId, map, partition);
  }

  /** Length of a sealed segment; 0 for no content. */
  public static long sealedBytes(long contentBytes) {
    return contentBytes + CODE_BYTES * ((contentBytes + BLOCK_BYTES - 1) / BLOCK_BYTES);
  }

  /** Inverse of {@link #sealedBytes}; 0 when no content has that length. */
  public static long contentBytes(long sealedBytes) {
    long blocks = (sealedBytes + SEALED_BLOCK_BYTES - 1) / SEALED_BLOCK_BYTES;
    return Math.max(0, sealedBytes - CODE_BYTES * blocks);
  }

  /** {@link #contentBytes(long)} of each. */
  public static long[] contentBytes(long[] sealedBytes) {
    long[] content = new long[sealedBytes.length];
    for (int i = 0; i < content.length; i++) {
      content[i] = contentBytes(sealedBytes[i]);
    }
    return content;
  }
}
